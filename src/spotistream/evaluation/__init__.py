"""How good recommenders are: on files of interactions, or on the service's own plays, beside their peers."""
