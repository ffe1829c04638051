"""spark-submit batch_jobs/publish.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("publish")
