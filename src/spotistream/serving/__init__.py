"""What the player may import: the store, the search, the event publishers. No Spark."""
