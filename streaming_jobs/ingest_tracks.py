"""spark-submit streaming_jobs/ingest_tracks.py [--home DIR] [--profile NAME] [--once]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("ingest_tracks")
