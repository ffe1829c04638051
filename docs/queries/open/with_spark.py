from pathlib import Path


def open_lake(spark, lake):
    """Each table becomes a view of its name, for spark.sql."""
    for folder in Path(lake).iterdir():
        spark.read.format("delta").load(str(folder)).createOrReplaceTempView(folder.name)
