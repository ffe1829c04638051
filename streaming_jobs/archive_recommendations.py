"""spark-submit streaming_jobs/archive_recommendations.py [--home DIR] [--profile NAME] [--once]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("archive_recommendations")
