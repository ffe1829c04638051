"""spark-submit batch_jobs/evaluate_model.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("evaluate_model")
