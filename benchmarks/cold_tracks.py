"""Tracks with no plays at all, recommended from their sound: how often the right ones come first.

    .venv/bin/python benchmarks/cold_tracks.py --home DIR [--draws 10] [--json]

The plays are those of a home, such as the demo's after `scripts/demo --home DIR`; a completed play counts one. In each
draw a tenth of the tracks, chosen at random, loses all its plays from the training data and keeps its sound. Each
listener who played some of the hidden tracks, and not all of them, ranks the hidden tracks alone.

auc      the probability that a hidden track they played is ranked above one they did not, a tie counting half;
         0.5 is chance
hit@k    the share of listeners with a played one among their first k of the hidden tracks, ties in random order;
         chance is that of a random order

Means over listeners, then over draws, with the 95 % interval of Student's t over the draws. They share most of their
training data, so the interval is of which tracks are hidden, not of which listeners were asked.

The demo's listeners are simulated: what they like follows the genre and artist of generated music, and so does its
sound. That this is above chance shows that the map from sound works, not how well it does on real listening.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.special import gammaln
from scipy.stats import rankdata, t
from tqdm import tqdm

from spotistream.models.als import Als
from spotistream.models.contract import Recommender
from spotistream.models.hybrid import Hybrid
from spotistream.models.interactions import Interactions
from spotistream.models.popularity import Popularity
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.tables import PLAYS, TRACK_SOUNDS, TRACKS, Table

MODELS: tuple[type[Recommender], ...] = (Hybrid, Als, SoundLikeness, Popularity)
HIDDEN_SHARE = 0.1
PLACES = (1, 10)
METRICS = ("auc", *(f"hit@{k}" for k in PLACES))
CONFIDENCE = 0.95

Figures = dict[str, dict[str, float]]
"""model -> metric -> mean over listeners"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True, metavar="DIR", help="a home with plays and sounds")
    parser.add_argument("--draws", type=int, default=10, metavar="N", help="two at least (else 10)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    if arguments.draws < 2:
        sys.exit("--draws must be two at least: the interval is over draws")
    data = interactions(arguments.home)
    draws = [one_draw(data, seed=seed) for seed in tqdm(range(arguments.draws), desc="draws", disable=None)]
    found = {
        "listeners": len(data.users),
        "tracks": len(data.items),
        "hidden": hidden_count(data),
        "models": {name: {metric: interval([draw[name][metric] for draw in draws]) for metric in METRICS}
                   for name in draws[0]},
    }  # fmt: skip
    print(json.dumps(found) if arguments.json else as_table(found))


def interactions(home: Path) -> Interactions:
    """Completed plays of the tracks that have a sound."""
    plays = rows_of(home, PLAYS, ["user_id", "track_id", "action"])
    sounds = rows_of(home, TRACK_SOUNDS, ["track_id", "sound"]).set_index("track_id")["sound"]
    artists = rows_of(home, TRACKS, ["track_id", "artist_id"]).set_index("track_id")["artist_id"]
    heard = plays[(plays["action"] == "complete") & plays["track_id"].isin(sounds.index)]
    if heard.empty or len(sounds) < 1 / HIDDEN_SHARE:
        sys.exit(f"{home} has no completed plays, or hardly any tracks with a sound: let its demo run for a while")
    data = Interactions.of_pairs(heard["user_id"].tolist(), heard["track_id"].tolist(), catalogue=sounds.index.tolist())
    return replace(
        data,
        sounds=np.stack(sounds.loc[data.items].to_list()).astype(np.float32),
        artists=np.unique(artists.loc[data.items].astype(str), return_inverse=True)[1],
    )


def rows_of(home: Path, table: Table, columns: list[str]) -> Any:
    try:
        return DeltaTable(home / "lake" / table.name).to_pandas(columns=columns)
    except TableNotFoundError:
        sys.exit(f"{home} has no table {table.name}: name a home whose pipeline has run with --home")


def one_draw(data: Interactions, *, seed: int) -> Figures:
    """Each model on the same hidden tracks."""
    rng = np.random.default_rng(seed)
    hidden = np.sort(rng.choice(len(data.items), hidden_count(data), replace=False))
    shown = np.ones(len(data.items), dtype=np.float32)
    shown[hidden] = 0
    weights = csr_matrix(data.weights @ diags(shown), dtype=np.float32)
    weights.eliminate_zeros()
    played = np.asarray(data.weights[:, hidden].toarray() > 0)
    asked = np.flatnonzero(played.any(axis=1) & ~played.all(axis=1) & (np.diff(weights.indptr) > 0))
    wanted, order = played[asked], rng.permutation(len(hidden))
    found = {"chance": by_chance(wanted)}
    for model in MODELS:
        fitted = model.fit(data.with_weights(weights), seed=seed)
        found[model.name] = judged(fitted.scores(weights[asked])[:, hidden], wanted, order)
    return found


def hidden_count(data: Interactions) -> int:
    return round(HIDDEN_SHARE * len(data.items))


def judged(scores: NDArray[np.float32], wanted: NDArray[np.bool_], order: NDArray[np.int64]) -> dict[str, float]:
    """Means over ``u`` listeners.

    scores, wanted : (u, h), of the hidden tracks; each row wants some and not all
    order : (h,), random: of two tracks with one score the one with the smaller number comes first
    """
    good = wanted.sum(axis=1)
    ranks = np.where(wanted, rankdata(scores, axis=1), 0).sum(axis=1)  # Mann and Whitney (1947)
    auc = (ranks - good * (good + 1) / 2) / (good * (wanted.shape[1] - good))
    best = np.lexsort((np.broadcast_to(order, scores.shape), -scores), axis=1)
    hits = np.take_along_axis(wanted, best, axis=1)
    return {"auc": float(auc.mean()), **{f"hit@{k}": float(hits[:, :k].any(axis=1).mean()) for k in PLACES}}


def by_chance(wanted: NDArray[np.bool_]) -> dict[str, float]:
    """What a random order has on average: a hit at k with 1 - C(h - good, k) / C(h, k)."""
    h, bad = wanted.shape[1], (~wanted).sum(axis=1)

    def hit(k: int) -> float:
        few = min(k, h)
        least = np.maximum(bad, few)
        missed = gammaln(least + 1) - gammaln(least - few + 1) - gammaln(h + 1) + gammaln(h - few + 1)
        return float(1 - np.where(bad >= few, np.exp(missed), 0.0).mean())

    return {"auc": 0.5, **{f"hit@{k}": hit(k) for k in PLACES}}


def interval(values: list[float]) -> tuple[float, float, float]:
    """Mean over draws, low and high end."""
    half = float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    mean = float(np.mean(values))
    return mean, mean - half, mean + half


def as_table(found: dict[str, Any]) -> str:
    lines = [
        f"{found['listeners']:,} listeners, {found['hidden']} of {found['tracks']} tracks hidden",
        "| model | " + " | ".join(METRICS) + " |",
        "|---|" + "---|" * len(METRICS),
    ]
    for name, figures in found["models"].items():
        cells = (f"{mean:.3f} ({low:.3f}–{high:.3f})" for mean, low, high in (figures[metric] for metric in METRICS))
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
