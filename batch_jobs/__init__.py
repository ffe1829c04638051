"""Batch jobs, one file each, for spark-submit."""
