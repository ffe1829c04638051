"""spark-submit streaming_jobs/refresh_recommendations.py [--home DIR] [--profile NAME] [--once]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("refresh_recommendations")
