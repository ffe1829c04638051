"""The only place that touches Spark sessions, Kafka, Delta, the document store and the files of model artefacts."""
