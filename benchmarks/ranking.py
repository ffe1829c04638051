"""How well the hybrid ranks beside tuned peers: NDCG@20 on several random splits of HetRec Last.fm.

    python benchmarks/ranking.py [--splits 5] [--minutes M] [--data FILE] [--json]

Each split holds a fifth of every listener's artists out. Settings are chosen on a part of the training data, for models
and peers alike; with --minutes for that long on each split.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from spotistream.evaluation import contest, held_out
from spotistream.evaluation.protocol import Protocol
from spotistream.evaluation.reading import read_observations

DATA = Path(__file__).parents[2] / "shared/data/listening/hetrec2011-lastfm-2k/user_artists.dat"
METRICS = ("ndcg@20", "recall@20", "map@20", "coverage@20", "novelty@20")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--splits", type=int, default=5, metavar="N", help="random splits (else 5)")
    parser.add_argument("--minutes", type=float, metavar="M", help="tune for M minutes on each split")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FILE", help="user, item, weight (else HetRec)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    if not arguments.data.exists():
        sys.exit(f"{arguments.data.name} is not there: name a file of interactions with --data")
    observations, _ = read_observations(arguments.data, form="auto", say=_say)
    splits = [one_split(observations, seed=seed, minutes=arguments.minutes) for seed in range(arguments.splits)]
    found = {"splits": splits, **pooled(splits)}
    print(json.dumps(found, indent=1) if arguments.json else as_table(found))


def one_split(observations: Any, *, seed: int, minutes: float | None) -> dict[str, Any]:
    """Figures of hybrid, its parts and the peers, by name."""
    data, learned = held_out.split(replace(observations, times=None), seed=seed, say=_say)
    asked = contest.Asked(("hybrid", "ease", "als", "peers"), Protocol(20, seed, 0), minutes)
    found = contest.results(data, lambda: held_out.with_validation(data, learned, seed=seed + 1), asked, say=_say)
    return {name: dict(figures) for name, figures in found.items()}


def pooled(splits: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over the splits; the ratio to the best peer: mean, smallest, and the lowest end of an interval."""
    ratios = [split["hybrid"]["ndcg@20_over_best_peer"] for split in splits]
    lows = [split["hybrid"]["ndcg@20_over_best_peer_interval"][0] for split in splits]
    means = {
        name: {metric: float(np.mean([split[name][metric] for split in splits])) for metric in METRICS}
        for name in splits[0]
    }
    return {"means": means, "ratio": float(np.mean(ratios)), "ratio_min": min(ratios), "interval_low_min": min(lows)}


def as_table(found: dict[str, Any]) -> str:
    lines = ["| model | " + " | ".join(METRICS) + " |", "|---|" + "---|" * len(METRICS)]
    for name, means in sorted(found["means"].items(), key=lambda pair: -pair[1]["ndcg@20"]):
        lines.append(f"| {name} | " + " | ".join(f"{means[metric]:.4f}" for metric in METRICS) + " |")
    for at, split in enumerate(found["splits"]):
        hybrid = split["hybrid"]
        low, high = hybrid["ndcg@20_over_best_peer_interval"]
        ratio = hybrid["ndcg@20_over_best_peer"]
        lines.append(f"split {at}: hybrid / {hybrid['best_peer']} {ratio:.3f} ({low:.3f} to {high:.3f})")
    return "\n".join([*lines, f"mean ratio {found['ratio']:.3f}, smallest {found['ratio_min']:.3f}"])


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
