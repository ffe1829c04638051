"""spark-submit batch_jobs/import_metadata.py [--home DIR] [--profile NAME] [--metadata PATH]"""

from spotistream.launch import submitted

if __name__ == "__main__":
    submitted("import_metadata")
