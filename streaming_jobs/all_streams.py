"""spark-submit streaming_jobs/all_streams.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("all_streams")
