"""spark-submit batch_jobs/tune_model.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("tune_model")
