"""What the player may import: reads of the document store, the publisher of events and the feed of recommendations.

No Spark here. Everything else of the service is reached through these.
"""
