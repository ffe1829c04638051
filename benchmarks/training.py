"""What training takes: seconds to equal NDCG@20, ours beside the library `implicit` alone and Spark MLlib, in one run.

    .venv/bin/python benchmarks/training.py [--data FILE] [--rounds 3] [--spark] [--json]

examples:
    .venv/bin/python benchmarks/training.py --rounds 1     a look, some minutes
    .venv/bin/python benchmarks/training.py --spark        the figures of benchmarks/README.md

The data are HetRec Last.fm, a fifth of every listener's artists held out at random, seed 0; they are in memory, and for
MLlib in the cache of a session that is warm. Seconds are those of `fit` by the clock, on all cores.

implicit_als     the library and nothing of ours, at the settings that were best on this data set (LibraryAls.starts)
als              ours, at its defaults: normalised plays, then the same library
ease, sparse_ease
hybrid_known     the hybrid with weights and settings that an earlier fit chose, as where they are stored
hybrid           the hybrid from nothing: settings tried, weights learned, parts fitted
mllib            ALS of Spark MLlib as `model.solver = "spark"` has it, on the same normalised plays, local[*]

The NDCG to reach is 0.99 of what implicit_als has after its last iteration. Of a contender's numbers of iterations the
one counts that reaches it soonest. Contenders take turns round by round, so that whatever else the machine does meets
all of them; seconds are medians, ratios those of rounds: median, least and most.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from spotistream.evaluation import held_out
from spotistream.evaluation.library_als import LibraryAls
from spotistream.evaluation.peer import Scale
from spotistream.evaluation.reading import read_observations
from spotistream.models.als import DEFAULTS, Als, FoldIn
from spotistream.models.ease import Ease, SparseEase
from spotistream.models.hybrid import Hybrid
from spotistream.models.interactions import Interactions
from spotistream.models.ranking import Ranker, mean_ndcg

DATA = Path(__file__).parents[2] / "shared/data/listening/hetrec2011-lastfm-2k/user_artists.dat"
ITERATIONS, ITERATIONS_OF_MLLIB = (2, 4, 8, 15), (2, 5, 10)
ENOUGH = 0.99
"""Of the NDCG that the library ends with: as good as equal."""
K, SEED = 20, 1
PEER = "implicit_als"

Contenders = dict[tuple[str, int | None], Callable[[], Ranker]]
"""(name, iterations) -> fit"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FILE", help="user, item, weight (else HetRec)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spark", action="store_true", help="MLlib too: some minutes more")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    if not arguments.data.exists():
        sys.exit(f"{arguments.data.name} is not there: name a file of interactions with --data")
    observations, _ = read_observations(arguments.data, form="auto", say=say)
    data, _ = held_out.split(replace(observations, times=None), seed=0, say=say)
    with ExitStack() as stack:
        contenders = by_one_machine(data.train)
        if arguments.spark:
            contenders |= stack.enter_context(by_mllib(data.train))
        figures = measured(contenders, data, rounds=arguments.rounds)
    print(json.dumps(figures) if arguments.json else table(figures))


def by_one_machine(train: Interactions) -> Contenders:
    say("what the hybrid chooses, once")
    first = Hybrid.fit(train, seed=SEED)
    known = {**first.settings, "weights": first.weights}
    return {
        **{(PEER, n): lambda n=n: library_alone(train, iterations=n) for n in ITERATIONS},
        **{("als", n): lambda n=n: Als.fit(train, {"iterations": n}, seed=SEED) for n in ITERATIONS},
        ("ease", None): lambda: Ease.fit(train),
        ("sparse_ease", None): lambda: SparseEase.fit(train),
        ("hybrid_known", None): lambda: Hybrid.fit(train, known, seed=SEED),
        ("hybrid", None): lambda: Hybrid.fit(train, seed=SEED),
    }


def library_alone(train: Interactions, *, iterations: int) -> LibraryAls:
    from implicit.cpu.als import AlternatingLeastSquares

    best: Mapping[str, Any] = LibraryAls.starts[0]
    scale = Scale(train.weights, best["weighting"])
    with threadpool_limits(1, "blas"):  # the library has threads of its own
        model = AlternatingLeastSquares(
            factors=best["factors"],
            alpha=best["alpha"],
            regularization=best["regularisation"],
            iterations=iterations,
            random_state=SEED,
        )
        model.fit(scale(train.weights).tocsr(), show_progress=False)
    return LibraryAls(model, scale)


@contextmanager
def by_mllib(train: Interactions) -> Iterator[Contenders]:
    """The contenders of a session that has run once already."""
    import pandas as pd

    from spotistream.config import load_config
    from spotistream.launch import running_session
    from spotistream.models import als_spark
    from spotistream.pipelines.train_on_spark import normalised

    rows, columns = train.weights.nonzero()
    pairs = {
        "user_id": train.users[rows],
        "track_id": train.items[columns],
        "number": columns.astype(np.int64),
        "weight": np.asarray(train.weights[rows, columns], dtype=np.float64).ravel(),
    }
    with tempfile.TemporaryDirectory(prefix="training-") as home:
        cfg = load_config(home=Path(home), profile="local", environ={"SPOTISTREAM__SPARK__DRIVER_MEMORY": "4g"})
        with running_session(cfg, "training") as spark:
            spark.sparkContext.setCheckpointDir(f"{home}/lineage")
            pd.DataFrame(pairs).to_parquet(f"{home}/listens.parquet")
            listens = spark.read.parquet(f"{home}/listens.parquet").persist()
            table_of_items = pd.DataFrame({"track_id": train.items, "number": np.arange(len(train.items))})
            numbers = spark.createDataFrame(table_of_items).persist()
            say(f"in Spark: {listens.count():,} pairs, {numbers.count():,} items")

            def fit(iterations: int) -> Ranker:
                chosen = {**als_spark.DEFAULTS, "iterations": iterations}
                exponents = DEFAULTS["listener_exponent"], DEFAULTS["item_exponent"]
                scale, scaled = normalised(listens, len(train.items), DEFAULTS["weighting"], *exponents)
                factors = als_spark.track_factors(scaled.drop("number"), numbers=numbers, **chosen, seed=SEED, blocks=2)
                fold = FoldIn(chosen["alpha"], chosen["regularisation"], by_count=True)
                played = np.diff(train.weights.tocsc().indptr)
                return Als.of_factors(factors, fold, scale, sounds=train.sounds, played=played)

            fit(1)
            yield {("mllib", n): lambda n=n: fit(n) for n in ITERATIONS_OF_MLLIB}


def measured(contenders: Contenders, data: held_out.HeldOut, *, rounds: int) -> dict[str, Any]:
    taken: dict[tuple[str, int | None], list[float]] = {key: [] for key in contenders}
    ndcg: dict[tuple[str, int | None], float] = {}
    for turn in tqdm(range(rounds), desc="rounds", disable=None):
        for key, fit in contenders.items():
            begun = time.perf_counter()
            model = fit()
            taken[key].append(time.perf_counter() - begun)
            if not turn:
                ndcg[key] = mean_ndcg(model, data.train.weights, data.test, k=K)
                say(f"{label(key)}: {taken[key][-1]:.1f} s, NDCG@{K} {ndcg[key]:.4f}")
    wanted = ENOUGH * ndcg[PEER, ITERATIONS[-1]]
    reached = {}
    for name in dict.fromkeys(name for name, _ in contenders):
        good = [key for key in contenders if key[0] == name and ndcg[key] >= wanted]
        reached[name] = min(good, key=lambda key: statistics.median(taken[key])) if good else None
    theirs = taken[reached[PEER]]
    fits = [
        {
            "name": key[0], "iterations": key[1], "seconds": statistics.median(taken[key]), "ndcg@20": ndcg[key],
            "counts": reached[key[0]] == key,
            "against_implicit": spread_of([mine / peer for mine, peer in zip(taken[key], theirs, strict=True)]),
        }
        for key in contenders
    ]  # fmt: skip
    return {"rounds": rounds, "pairs": int(data.train.weights.nnz), "wanted": wanted, "fits": fits}


def spread_of(ratios: list[float]) -> tuple[float, float, float]:
    """Median, least and most."""
    return statistics.median(ratios), min(ratios), max(ratios)


def table(figures: dict[str, Any]) -> str:
    lines = [
        f"{figures['pairs']:,} pairs, {figures['rounds']} rounds; NDCG@{K} to reach: {figures['wanted']:.4f}",
        "| contender | fit, s | NDCG@20 | seconds to equal NDCG against `implicit` |",
        "|---|---|---|---|",
    ]
    for fit in figures["fits"]:
        median, least, most = fit["against_implicit"]
        ratio = f"{median:.2f} ({least:.2f}–{most:.2f})" if fit["counts"] else ""
        ratio = ratio if fit["ndcg@20"] >= figures["wanted"] else "not reached"
        name = label((fit["name"], fit["iterations"]))
        lines.append(f"| {name} | {fit['seconds']:.1f} | {fit['ndcg@20']:.4f} | {ratio} |")
    return "\n".join(lines)


def label(key: tuple[str, int | None]) -> str:
    return f"`{key[0]}`" + (f", {key[1]} iterations" if key[1] else "")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
