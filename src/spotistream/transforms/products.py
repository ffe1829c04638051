"""Which items meet in the same rows, and how much: the products of the columns of a sparse matrix."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def column_products(entries: DataFrame, *, shrinkage: float, kept: int, most_of_a_row: int) -> DataFrame:
    """``a, b, product, together, alike``: the ``kept`` items ``b`` most like each item ``a``, by shrunk cosine.

    entries : ``row, item, value``, each pair once
    shrinkage : in alike = cosine * together / (together + shrinkage)
    most_of_a_row : entries of a row that meet, the largest first: pairs grow with the square of them
    """
    largest = Window.partitionBy("row").orderBy(F.desc("value"), "item")
    cut = (
        entries.withColumn("place", F.row_number().over(largest))
        .where(F.col("place") <= most_of_a_row)
        .select("row", "item", "value")
    )
    length = entries.groupBy("item").agg(F.sqrt(F.sum(F.col("value") * F.col("value"))).alias("length"))
    left = cut.select("row", F.col("item").alias("a"), F.col("value").alias("value_a"))
    right = cut.select("row", F.col("item").alias("b"), F.col("value").alias("value_b"))
    met = (
        left.join(right, on="row", how="inner")
        .where(F.col("a") != F.col("b"))
        .groupBy("a", "b")
        .agg(F.sum(F.col("value_a") * F.col("value_b")).alias("product"), F.count("*").alias("together"))
    )
    nearest = Window.partitionBy("a").orderBy(F.desc("alike"), "b")
    return (
        met.join(length.select(F.col("item").alias("a"), F.col("length").alias("length_a")), on="a", how="inner")
        .join(length.select(F.col("item").alias("b"), F.col("length").alias("length_b")), on="b", how="inner")
        .withColumn(
            "alike",
            F.col("product")
            / (F.col("length_a") * F.col("length_b"))
            * (F.col("together") / (F.col("together") + shrinkage)),
        )
        .withColumn("rank", F.row_number().over(nearest))
        .where(F.col("rank") <= kept)
        .select("a", "b", "product", "together", "alike")
    )
