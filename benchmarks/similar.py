"""How fast similar tracks are found, and how many of them: ours beside scikit-learn and Spark MLlib, in one run.

    .venv/bin/python benchmarks/similar.py [--tracks 100000] [--rounds 5] [--no-spark] [--json]

examples:
    .venv/bin/python benchmarks/similar.py                              the figures of docs/similar.md, some minutes
    .venv/bin/python benchmarks/similar.py --tracks 10000 --rounds 3    a look, one minute
    .venv/bin/python benchmarks/similar.py --tracks 1000000 --rounds 3  a million, an hour on two cores

The vectors are made: 64 numbers of length one in clusters of uneven size and tightness, the first directions wider than
the last, as principal components of sound are. Uniform noise would have no neighbours worth finding.

product    models/neighbours.py: the exact answer, by which recall is counted
floor      the same matrix product alone, block by block on all cores; its scores are thrown away
graph      models/neighbour_index.py: an approximate index (Voyager), built and asked on all cores
sklearn    NearestNeighbors(algorithm="brute", metric="cosine"), exact too
mllib      BucketedRandomProjectionLSH on the same vectors, approxSimilarityJoin of the queries with all tracks up to a
           distance that holds their 20th neighbours, then the best 20 of each; local[*]

Queries are a sample of the tracks. Contenders take turns round by round on other queries, so that whatever else the
machine does meets all of them; ratios are of rounds, median and 10th to 90th percentile. Building is timed once, and so
is MLlib, whose round is minutes; it has fewer queries. Whole catalogue: what all tracks would take at these rates, with
building.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from spotistream.models.neighbour_index import Graph
from spotistream.models.neighbours import OFFERED, QUERIES, cores, nearest

WIDTH, N = 64, 20
TRACKS_OF_CLUSTER = 100
QUERIES_OF_ROUND, QUERIES_OF_MLLIB = 2_048, 200
MLLIB = {"bucketLength": 0.5, "numHashTables": 5}
MLLIB_SHARE = 0.95
"""Of the queries: MLlib's join reaches as far as the 20th neighbour of so many."""

Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-spark", action="store_true", help="leave MLlib out")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args()
    vectors = clustered(arguments.tracks, seed=1)
    figures = measured(vectors, rounds=arguments.rounds)
    if not arguments.no_spark:
        figures["contenders"]["mllib"] = by_mllib(vectors)
    print(json.dumps(figures) if arguments.json else table(figures))


def clustered(tracks: int, *, seed: int) -> np.ndarray:
    """Vectors of length one: float32 (tracks, 64), in no order."""
    rng = np.random.default_rng(seed)
    spread = np.arange(1, WIDTH + 1) ** -0.5
    clusters = max(8, tracks // TRACKS_OF_CLUSTER)
    sizes = np.arange(1, clusters + 1) ** -0.7
    centres = rng.normal(size=(clusters, WIDTH)) * spread
    tightness = rng.uniform(0.3, 1.0, size=(clusters, 1))
    of = rng.choice(clusters, tracks, p=sizes / sizes.sum())
    made = np.empty((tracks, WIDTH), dtype=np.float32)
    for begin in range(0, tracks, 65_536):
        part = of[begin : begin + 65_536]
        made[begin : begin + 65_536] = centres[part] + rng.normal(size=(len(part), WIDTH)) * spread * tightness[part]
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def measured(vectors: np.ndarray, *, rounds: int) -> Figures:
    """Speed of every contender but MLlib, round by round, and the share of the exact neighbours that each finds."""
    build_s: dict[str, float] = {}
    graph = timed(lambda: Graph(vectors), build_s, "graph")
    brute = timed(lambda: brute_force(vectors), build_s, "sklearn")
    contenders: dict[str, Callable[[np.ndarray], np.ndarray | None]] = {
        "floor": lambda rows: product_alone(vectors, rows),
        "product": lambda rows: nearest(vectors, n=N, rows=rows)[0],
        "graph": lambda rows: graph.nearest(rows, n=N)[0],
        "sklearn": lambda rows: without_itself(brute.kneighbors(vectors[rows], return_distance=False), rows),
    }
    rng, names = np.random.default_rng(2), list(contenders)
    taken: dict[str, list[float]] = {name: [] for name in names}
    recall: dict[str, list[float]] = {name: [] for name in names if name != "floor"}
    for contender in contenders.values():
        contender(np.arange(QUERIES))
    for turn in tqdm(range(rounds), desc="rounds", disable=None):
        rows = rng.choice(len(vectors), min(QUERIES_OF_ROUND, len(vectors)), replace=False)
        found = {}
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            begun = time.perf_counter()
            found[name] = contenders[name](rows)
            taken[name].append((time.perf_counter() - begun) / len(rows))
        for name, shares in recall.items():
            shares.append(share_found(found[name], found["product"]))
    return {
        "tracks": len(vectors),
        "rounds": rounds,
        "cores": cores(),
        "contenders": {
            name: {
                "recall@20": statistics.mean(recall[name]) if name in recall else None,
                "build_s": build_s.get(name, 0.0),
                "queries_per_s": 1 / statistics.median(own),
                "rate_against_sklearn": spread_of(taken["sklearn"], own),
                "time_against_floor": spread_of(own, taken["floor"]),
                "whole_catalogue_s": build_s.get(name, 0.0) + statistics.median(own) * len(vectors),
            }
            for name, own in taken.items()
        },
    }


def timed(make: Callable[[], Any], seconds: dict[str, float], name: str) -> Any:
    begun = time.perf_counter()
    made = make()
    seconds[name] = time.perf_counter() - begun
    return made


def product_alone(vectors: np.ndarray, rows: np.ndarray) -> None:
    def block(begin: int) -> None:
        queries = vectors[rows[begin : begin + QUERIES]]
        scores = np.empty((len(queries), OFFERED), dtype=np.float32)
        for first in range(0, len(vectors) - OFFERED + 1, OFFERED):
            np.matmul(queries, vectors[first : first + OFFERED].T, out=scores)

    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(cores()) as pool:
        list(pool.map(block, range(0, len(rows), QUERIES)))


def brute_force(vectors: np.ndarray) -> Any:
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=N + 1, algorithm="brute", metric="cosine").fit(vectors)


def without_itself(found: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The first 20 that are not the query: (r, 20)."""
    order = np.argsort(found == rows[:, None], axis=1, kind="stable")[:, :N]
    return np.take_along_axis(found, order, axis=1)


def share_found(found: np.ndarray | None, exact: np.ndarray | None) -> float:
    """Recall: the share of the exact neighbours that are among those found."""
    assert found is not None
    assert exact is not None
    pairs = zip(found.tolist(), exact.tolist(), strict=True)
    return statistics.mean(len(set(mine) & set(wanted)) / len(wanted) for mine, wanted in pairs)


def by_mllib(vectors: np.ndarray) -> Figures:
    """Spark MLlib's hashing: vectors of length one are as near by Euclidean distance as by cosine."""
    from pyspark.ml.feature import BucketedRandomProjectionLSH
    from pyspark.ml.functions import array_to_vector
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    from spotistream.config import load_config
    from spotistream.io.session import build_session

    rows = np.random.default_rng(3).choice(len(vectors), min(QUERIES_OF_MLLIB, len(vectors)), replace=False)
    exact, cosines = nearest(vectors, n=N, rows=rows)
    reach = float(np.quantile(np.sqrt(2 - 2 * cosines[:, -1]), MLLIB_SHARE))
    with tempfile.TemporaryDirectory(prefix="similar-") as home:
        cfg = load_config(home=Path(home), profile="local", environ={"SPOTISTREAM__SPARK__DRIVER_MEMORY": "4g"})
        spark = build_session(cfg, "similar")
        try:
            file = f"{home}/vectors.parquet"
            write_parquet(vectors, file)
            tracks = spark.read.parquet(file).select("row", array_to_vector("vector").alias("vector")).persist()
            tracks.count()
            begun = time.perf_counter()
            model = BucketedRandomProjectionLSH(inputCol="vector", outputCol="hashes", seed=1, **MLLIB).fit(tracks)
            hashed = model.transform(tracks).persist()
            hashed.count()
            built = time.perf_counter()
            queries = hashed.where(F.col("row").isin([int(row) for row in rows]))
            pairs = model.approxSimilarityJoin(queries, hashed, reach, distCol="distance")
            pairs = pairs.select(F.col("datasetA.row").alias("row"), F.col("datasetB.row").alias("other"), "distance")
            nearer = Window.partitionBy("row").orderBy("distance", "other")
            best = pairs.where("row <> other").withColumn("rank", F.row_number().over(nearer)).where(f"rank <= {N}")
            found = {row: [] for row in rows.tolist()}
            for row, other in best.select("row", "other").collect():
                found[row].append(other)
            done = time.perf_counter()
        finally:
            spark.stop()
    shares = [len(set(found[row]) & set(wanted)) / N for row, wanted in zip(rows.tolist(), exact.tolist(), strict=True)]
    return {
        "recall@20": statistics.mean(shares),
        "build_s": built - begun,
        "queries_per_s": len(rows) / (done - built),
        "queries": len(rows),
    }


def write_parquet(vectors: np.ndarray, file: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    flat = pa.array(vectors.astype(np.float64).ravel())
    columns = {"row": pa.array(np.arange(len(vectors))), "vector": pa.FixedSizeListArray.from_arrays(flat, WIDTH)}
    pq.write_table(pa.table({**columns, "vector": columns["vector"].cast(pa.list_(pa.float64()))}), file)


def spread_of(above: list[float], below: list[float]) -> tuple[float, float, float]:
    """Median, 10th and 90th percentile of the ratio, round by round."""
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    low, middle, high = np.quantile(ratios, [0.1, 0.5, 0.9])
    return float(middle), float(low), float(high)


def table(figures: Figures) -> str:
    lines = [
        f"{figures['tracks']:,} tracks of {WIDTH} numbers, {figures['rounds']} rounds, {figures['cores']} cores",
        f"{'':10}{'recall@20':>10}{'build s':>9}{'queries/s':>11}   {'rate : sklearn':22}{'time : floor':22}all, s",
    ]
    for name, found in figures["contenders"].items():
        recall = "" if found["recall@20"] is None else f"{found['recall@20']:.4f}"
        line = f"{name:10}{recall:>10}{found['build_s']:9.1f}{found['queries_per_s']:11,.1f}"
        if "rate_against_sklearn" in found:
            line += f"   {ratio(found['rate_against_sklearn']):22}{ratio(found['time_against_floor']):22}"
            line += f"{found['whole_catalogue_s']:,.0f}"
        lines.append(line)
    return "\n".join(lines)


def ratio(values: tuple[float, float, float]) -> str:
    return f"{values[0]:.2f} ({values[1]:.2f}-{values[2]:.2f})"


if __name__ == "__main__":
    main()
