"""``spotistream recompute``: what it takes and says."""

from __future__ import annotations

import json

import pytest

from spotistream.errors import InputError
from spotistream.pipelines.recompute import Recomputed
from spotistream.pipelines.recompute_command import offsets, shown
from spotistream.pipelines.recomputed_trending import TrendingCompared


def test_offsets_are_read_by_partition() -> None:
    assert offsets(None) is None
    assert offsets("0:12, 1:40") == {0: 12, 1: 40}


@pytest.mark.parametrize("text", ["", "12", "0:", "0:1;1:2", "0:1,0:2", "-1:3", "0:１"])
def test_what_is_no_list_of_offsets_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError, match="is not a list of partition:offset; write it as 0:1200,1:1187"):
        offsets(text)


def test_what_differs_is_said_with_examples() -> None:
    found = Recomputed("m1", {1: 7, 0: 9}, same=2, different=1, missing=1, only_in_store=1, differing=("ann", "bob"))
    assert shown(found, as_json=False) == (
        "tables by model m1 of the plays before 0:9, 1:7: 2 the same, 1 different, 1 missing, 1 without plays; "
        "such as ann, bob"
    )
    record = json.loads(shown(found, as_json=True))
    assert (record["rows_different"], record["until"]) == (3, {"0": 9, "1": 7})


def test_trending_is_said_beside_it() -> None:
    trending = TrendingCompared(
        windows=3, same=7, different=1, late=2, shelves_different=1, differing=("2026-05-01T10:00:00, t:1",)
    )
    found = Recomputed("m1", {0: 9}, same=2, trending=trending)
    assert shown(found, as_json=False).splitlines()[1] == (
        "trending, 3 windows counted again: 7 rows the same, 2 may lack listens that came too late, 1 different, "
        "1 shelves different; such as 2026-05-01T10:00:00, t:1"
    )
    record = json.loads(shown(found, as_json=True))
    assert record["rows_different"] == 2
    assert record["trending"]["late"] == 2


def test_trending_that_cannot_be_compared_yet_says_so() -> None:
    found = Recomputed("m1", {0: 9}, same=2, trending=TrendingCompared(behind=True))
    assert "not compared, ingest_plays is behind" in shown(found, as_json=False)
    assert "trending" not in shown(Recomputed("m1", {0: 9}, same=2), as_json=False)
