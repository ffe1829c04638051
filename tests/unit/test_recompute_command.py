"""``spotistream recompute``: what it takes and says."""

from __future__ import annotations

import json

import pytest

from spotistream.errors import InputError
from spotistream.pipelines.recompute import Recomputed
from spotistream.pipelines.recompute_command import offsets, shown


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
