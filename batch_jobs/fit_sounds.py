"""spark-submit batch_jobs/fit_sounds.py [--home DIR] [--profile NAME]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("fit_sounds")
