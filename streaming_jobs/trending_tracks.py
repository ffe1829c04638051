"""spark-submit streaming_jobs/trending_tracks.py [--home DIR] [--profile NAME] [--once]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("trending_tracks")
