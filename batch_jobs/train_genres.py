"""spark-submit batch_jobs/train_genres.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("train_genres")
