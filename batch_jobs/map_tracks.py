"""spark-submit batch_jobs/map_tracks.py [--home DIR] [--profile NAME] [--refit]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("map_tracks")
