"""What the gate of the model catches: how often it refuses a model that learned from fewer listeners, in one run.

    .venv/bin/python benchmarks/gate.py FILE [--draws 12] [--held 0.05] [--json]

examples:
    .venv/bin/python benchmarks/gate.py user_artists.dat    the figures of docs/models.md, half a minute

FILE holds interactions, as `spotistream evaluate` reads them. Each draw holds other listeners out and asks for a fifth
of what each of them played. The current model is item cosine, learned from all other listeners; against it stand models
of a share of these listeners, drawn at random, and popularity. A model of nearly all of them should pass, a poor
one not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from tqdm import tqdm

from spotistream.config import load_config
from spotistream.evaluation.model_report import ndcg_of_listeners
from spotistream.evaluation.reading import read_observations
from spotistream.models.contract import Recommender
from spotistream.models.cosine import ItemCosine
from spotistream.models.gate import Measured, Verdict, not_worse
from spotistream.models.interactions import Interactions
from spotistream.models.popularity import Popularity

SHARES = (0.95, 0.75, 0.5, 0.25, 0.1, 0.05)
ASKED = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--draws", type=int, default=12)
    parser.add_argument("--held", type=float, default=0.05, help="share of the listeners held out")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args()
    data = _interactions(arguments.file)
    tolerance = load_config(environ={}).model.tolerance
    verdicts: dict[str, list[Verdict]] = {}
    for draw in tqdm(range(arguments.draws), unit="draw", file=sys.stderr):
        for name, verdict in _drawn(data, held=arguments.held, tolerance=tolerance, seed=draw):
            verdicts.setdefault(name, []).append(verdict)
    found = {name: _figures(given) for name, given in verdicts.items()}
    print(json.dumps(found, indent=2) if arguments.json else _table(found))


def _interactions(file: Path) -> Interactions:
    rows, _ = read_observations(file, form="auto", say=lambda line: print(line, file=sys.stderr))
    users, items = rows.user_names[rows.users], rows.item_names[rows.items]
    return Interactions.of_pairs(users, items, np.log1p(rows.weights))


def _drawn(data: Interactions, *, held: float, tolerance: float, seed: int) -> Iterator[tuple[str, Verdict]]:
    """The verdict on each model, by what it learned from."""
    drawn = np.random.default_rng(seed)
    order = drawn.permutation(len(data.users))
    judges, others = np.split(order, [round(held * len(order))])
    pairs = data.weights[judges].tocoo()
    known = drawn.random(pairs.nnz) >= ASKED
    histories, asked = (
        csr_matrix((pairs.data[part], (pairs.row[part], pairs.col[part])), shape=pairs.shape)
        for part in (known, ~known)
    )

    def measured(name: str, model: Recommender) -> Measured:
        return Measured(name, ndcg_of_listeners(model, histories, asked))

    current = measured("current", ItemCosine.fit(_of(data, others)))
    for share in SHARES:
        few = drawn.permutation(others)[: round(share * len(others))]
        new = measured("new", ItemCosine.fit(_of(data, few)))
        yield f"{share:.0%} of the listeners", not_worse(new, current, tolerance=tolerance)
    new = measured("new", Popularity.fit(_of(data, others)))
    yield "popularity", not_worse(new, current, tolerance=tolerance)


def _of(data: Interactions, rows: NDArray[np.int64]) -> Interactions:
    return Interactions(data.users[rows], data.items, data.weights[rows], data.sounds, data.artists)


def _figures(given: list[Verdict]) -> dict[str, Any]:
    ratios = [one.new / one.current for one in given if one.new is not None and one.current]
    return {
        "ndcg_over_current": round(float(np.mean(ratios)), 4),
        "lowest": round(min(ratios), 4),
        "refused": sum(not one.accepted for one in given),
        "draws": len(given),
        "listeners": given[0].listeners,
    }


def _table(found: dict[str, dict[str, Any]]) -> str:
    lines = [f"{'learned from':<22}  NDCG@20, new / current    refused"]
    for name, row in found.items():
        ratio = f"{row['ndcg_over_current']:.2f} (lowest {row['lowest']:.2f})"
        lines.append(f"{name:<22}  {ratio:>22}   {row['refused']:>2} of {row['draws']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
