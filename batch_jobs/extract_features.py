"""spark-submit batch_jobs/extract_features.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("extract_features")
