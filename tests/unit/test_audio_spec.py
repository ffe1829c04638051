"""Specs: what a vector holds, and that vectors of two kinds are never mixed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from spotistream.audio.spec import EXTENDED, FAST, FMA_OFFICIAL, FULL, PRESETS, SPECS, spec_by_id, spec_of
from spotistream.errors import ConfigError, InputError


def test_full_has_the_columns_of_fma_in_their_order(shared_data: Path) -> None:
    with (shared_data / "fma" / "features_head5_from_analysis_notebook.csv").open(newline="") as file:
        head = [row for row, _ in zip(csv.reader(file), range(3), strict=False)]
    columns = tuple(".".join(column) for column in list(zip(*head, strict=True))[1:])
    assert len(columns) == 518
    assert FULL.names == FMA_OFFICIAL.names == columns


def test_every_component_has_a_name_of_its_own() -> None:
    sizes = {spec.id: len(spec) for spec in SPECS.values()}
    assert sizes == {"fast-1": 89, "full-1": 518, "extended-1": 1415, "fma-official-1": 518}
    for spec in SPECS.values():
        assert len(spec.names) == len(set(spec.names)) == len(spec)
    assert FAST.names[:2] == ("mfcc.mean.01", "mfcc.mean.02")
    assert FAST.names[-1] == EXTENDED.names[-1] == "tempo"
    assert EXTENDED.names[:518] == FULL.names
    assert EXTENDED.names[518] == "mel.kurtosis.01"
    assert EXTENDED.names[-2] == "mel.std.128"


def test_official_features_are_a_spec_of_their_own_that_is_no_preset() -> None:
    assert set(PRESETS) == {"fast", "full", "extended"}
    assert all(spec.extractable for spec in PRESETS.values())
    assert not FMA_OFFICIAL.extractable
    with pytest.raises(ConfigError, match="known: fast, full, extended"):
        spec_of("fma-official")


def test_a_spec_is_found_by_preset_and_by_id() -> None:
    assert spec_of("full") is spec_by_id("full-1") is FULL
    assert spec_by_id("fma-official-1") is FMA_OFFICIAL
    with pytest.raises(InputError, match="known: fast-1, full-1, extended-1, fma-official-1"):
        spec_by_id("full-9")


def test_features_of_another_spec_are_refused_in_one_line() -> None:
    FULL.check("full-1", what="model m1")
    with pytest.raises(InputError) as caught:
        FULL.check("fma-official-1", what="model m1")
    assert str(caught.value) == (
        "model m1: it has features 'fma-official-1' where 'full-1' is needed; "
        "extract them anew, or use what was made for fma-official-1"
    )
