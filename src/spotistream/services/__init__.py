"""What the platform runs on one machine: Java, jars, the embedded Kafka broker and the embedded document store."""
