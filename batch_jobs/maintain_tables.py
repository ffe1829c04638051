"""spark-submit batch_jobs/maintain_tables.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("maintain_tables")
