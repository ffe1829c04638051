"""FMA's features.csv as vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spotistream.audio.spec import FMA_OFFICIAL
from spotistream.catalogue.fma.features import HEADER_ROWS, FeatureRecord, Features
from spotistream.catalogue.fma.records import CsvRecords, Rejected
from spotistream.catalogue.fma.source import FEATURES, metadata_at
from spotistream.errors import InputError

NAMES = FMA_OFFICIAL.names


def write_features(path: Path, *rows: str, names: tuple[str, ...] = NAMES) -> Path:
    header = [["feature", "statistics", "number"][part] for part in range(3)]
    lines = [",".join([header[part], *(name.split(".")[part] for name in names)]) for part in range(3)]
    path.write_text("\n".join([*lines, "track_id" + "," * len(names), *rows, ""]), encoding="utf-8")
    return path


def read(path: Path) -> list[FeatureRecord | Rejected]:
    metadata = metadata_at(path)
    with metadata.open(FEATURES) as stream:
        return list(Features(CsvRecords(stream, file=metadata.label(FEATURES), header_rows=HEADER_ROWS)))


def row(number: str, cells: list[str]) -> str:
    return ",".join([number, *cells])


def test_columns_in_another_order_give_the_same_vector(tmp_path: Path) -> None:
    values = [str(place) for place in range(518)]
    (usual,) = read(write_features(tmp_path / "features.csv", row("2", values)))
    (turned,) = read(write_features(tmp_path / "features.csv", row("2", values[::-1]), names=NAMES[::-1]))
    assert isinstance(usual, FeatureRecord) and isinstance(turned, FeatureRecord)
    assert usual.number == turned.number == 2
    assert usual.vector.dtype == np.float32
    assert usual.vector.tolist() == turned.vector.tolist() == list(range(518))


def test_a_cell_that_is_empty_or_no_finite_number_is_missing(tmp_path: Path) -> None:
    cells = ["", "nan", "inf", "x", "1e300", *("0.5" for _ in range(513))]
    (found,) = read(write_features(tmp_path / "features.csv", row("2", cells)))
    assert isinstance(found, FeatureRecord)
    assert np.flatnonzero(np.isnan(found.vector)).tolist() == [0, 1, 2, 3, 4]
    assert found.spoiled == 4


def test_what_cannot_be_a_vector_is_rejected(tmp_path: Path) -> None:
    whole, half, most = (["0"] * (518 - missing) + [""] * missing for missing in (0, 259, 260))
    file = write_features(
        tmp_path / "features.csv",
        row("2", half),
        row("3", most),
        row("4", whole[1:]),
        row("5", whole),
        row("x", whole),
        row("2", whole),
    )
    found = read(file)
    assert [record.number for record in found if isinstance(record, FeatureRecord)] == [2, 5]
    assert [(r.line, r.code, r.reason) for r in found if isinstance(r, Rejected)] == [
        (6, "missing", "260 of its 518 features are missing"),
        (7, "columns", "it has 518 instead of 519 columns"),
        (9, "id", "its track_id 'x' is no whole number"),
        (10, "duplicate", "track 2 was there before"),
    ]


def test_a_file_of_other_columns_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^features.csv: lacks 2 of 518 columns, the first zcr.skew.01; use the file"):
        read(write_features(tmp_path / "features.csv", names=NAMES[:-2]))
    (tmp_path / "features.csv").write_text("a,b\nc,d\ne,f\n")
    with pytest.raises(InputError, match=r"^features.csv: is not FMA's features.csv: its header rows do not begin"):
        read(tmp_path / "features.csv")


def test_the_real_features(shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "features.csv").symlink_to(shared_data / "fma" / "features_head5_from_analysis_notebook.csv")
    found = read(tmp_path)
    assert [record.number for record in found if isinstance(record, FeatureRecord)] == [2, 3, 5, 10, 20]
    first = found[0]
    assert isinstance(first, FeatureRecord)
    by_name = dict(zip(NAMES, first.vector.tolist(), strict=True))
    assert by_name["chroma_cens.kurtosis.01"] == pytest.approx(7.18)
    assert by_name["zcr.skew.01"] == pytest.approx(2.09)
    assert by_name["zcr.std.01"] == pytest.approx(0.06)
    assert np.isfinite(first.vector).all()
