"""Training data and what is held out of it, listeners and items numbered alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.errors import InputError
from spotistream.evaluation.observations import Observations
from spotistream.evaluation.splits import held_out_rows
from spotistream.models.interactions import Interactions


@dataclass(frozen=True)
class HeldOut:
    """What models learn from, and what they are asked for.

    train : m listeners, n items: all of the data, also those that come in no training row
    test : (m, n) sparse, weights of what was held out; nothing that the listener has in ``train`` or ``valid``
    valid : (m, n) sparse, likewise, to choose settings by; None where there is none
    """

    train: Interactions
    test: csr_matrix
    valid: csr_matrix | None = None

    @property
    def everything_but_test(self) -> Interactions:
        """The training data with the validation data in it: what the models that are compared learn from."""
        return self.train if self.valid is None else self.train.with_weights(self.train.weights + self.valid)


def from_observations(
    train: Observations, test: Observations, valid: Observations | None, say: Callable[[str], None]
) -> HeldOut:
    """Training and test data numbered alike. Raises ``InputError`` where no listener can be evaluated."""
    parts = [train, test] if valid is None else [train, test, valid]
    users = np.unique(np.concatenate([part.user_names for part in parts]))
    items = np.unique(np.concatenate([part.item_names for part in parts]))
    matrices = [_matrix(part, users, items) for part in parts]
    known = np.diff(matrices[0].indptr) > 0
    if valid is not None:
        known |= np.diff(matrices[2].indptr) > 0
    rows = np.flatnonzero(known)
    strangers = np.flatnonzero(~known & (np.diff(matrices[1].indptr) > 0))
    if len(strangers):
        first = ", ".join(users[strangers[:3]]) + (" …" if len(strangers) > 3 else "")
        say(f"{len(strangers):,} test users have no training data and are left out of all means: {first}")
    learned, asked, *validation = (matrix[rows] for matrix in matrices)
    checked = _without(validation[0], learned, "validation", say) if validation else None
    tested = _without(asked, learned if checked is None else learned + checked, "test", say)
    if not tested.nnz:
        raise InputError(
            "test data", "shares no user with the training data, or holds nothing new of them",
            remedy="give more data, of the same users",
        )  # fmt: skip
    unlearned = _unseen(tested, learned if checked is None else learned + checked)
    if unlearned:
        say(f"{unlearned:,} test items come in no training row; they count in recall and can hardly be recommended")
    interactions = Interactions(
        users=users[rows], items=items, weights=learned.astype(np.float32),
        sounds=np.zeros((len(items), 0), dtype=np.float32), artists=np.arange(len(items)),
    )  # fmt: skip
    return HeldOut(interactions, tested, checked)


def split(observations: Observations, *, seed: int, say: Callable[[str], None]) -> tuple[HeldOut, Observations]:
    """Training and test data from one file, and the rows of it that are training data."""
    rows = held_out_rows(observations, seed=seed)
    how = "at random" if observations.times is None else "the newest of each user"
    say(f"held out: {int(rows.sum()):,} of {len(rows):,} interactions, {how}; seed {seed}")
    learned = observations.chosen(~rows)
    return from_observations(learned, observations.chosen(rows), None, say), learned


def with_validation(data: HeldOut, observations: Observations | None, *, seed: int) -> HeldOut:
    """The same with a part of the training data as ``valid``, so that settings are chosen without the test data.

    observations : the training rows, for their times; without times or rows the part is drawn at random
    """
    if data.valid is not None:
        return data
    if observations is not None and observations.times is not None:
        rows = held_out_rows(observations, seed=seed)
        learned, valid = (
            _matrix(observations.chosen(part), data.train.users, data.train.items) for part in (~rows, rows)
        )
        valid = _without(valid, learned, "validation", lambda line: None)
    else:
        learned, valid = _drawn(data.train.weights, seed=seed)
    return replace(data, train=data.train.with_weights(learned), valid=valid.astype(np.float32))


def _drawn(weights: csr_matrix, *, seed: int) -> tuple[csr_matrix, csr_matrix]:
    """A share of each row's entries at random, and what is left: the latter first."""
    pairs = weights.tocoo()
    none = np.empty(0, dtype=np.str_)
    rows = held_out_rows(
        Observations(pairs.row.astype(np.int64), pairs.col.astype(np.int64), pairs.data, None, none, none), seed=seed
    )
    kept, drawn = (
        csr_matrix((pairs.data[part], (pairs.row[part], pairs.col[part])), shape=weights.shape)
        for part in (~rows, rows)
    )
    return kept, drawn


def _matrix(part: Observations, users: NDArray[np.str_], items: NDArray[np.str_]) -> csr_matrix:
    """Summed weights by listener and item; rows of listeners who are not among ``users`` are left out."""
    at, known = _places(part.user_names, users)
    columns, _ = _places(part.item_names, items)
    kept = known[part.users]
    entries = (part.weights[kept], (at[part.users[kept]], columns[part.items[kept]]))
    matrix = csr_matrix(entries, shape=(len(users), len(items)))
    matrix.sum_duplicates()
    return matrix


def _places(names: NDArray[np.str_], among: NDArray[np.str_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where the names are in a sorted array, and whether they are."""
    at = np.minimum(np.searchsorted(among, names), max(len(among) - 1, 0))
    return at, among[at] == names


def _without(asked: csr_matrix, known: csr_matrix, what: str, say: Callable[[str], None]) -> csr_matrix:
    """``asked`` without the entries that ``known`` has."""
    kept = asked - asked.multiply(known != 0)
    kept = kept.tocsr()
    kept.eliminate_zeros()
    gone = asked.nnz - kept.nnz
    if gone:
        say(f"{gone:,} {what} items are in the user's training data and are left out")
    return kept


def _unseen(tested: csr_matrix, learned: csr_matrix) -> int:
    """How many items are tested and not learned."""
    return len(np.setdiff1d(np.unique(tested.indices), np.unique(learned.indices)))
