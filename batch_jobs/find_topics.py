"""spark-submit batch_jobs/find_topics.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("find_topics")
