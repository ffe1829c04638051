"""The commands of ``spotistream``, a module for each kind; ``cli`` lists them."""
