"""Which columns and rows of a file are learned from."""

from __future__ import annotations

from pathlib import Path

import pytest

from spotistream.errors import InputError
from spotistream.pipelines.labelled_table import labelled_table

ROWS = """track_id,filename,tempo,rms,length,label,artist
10,a.wav,120.5,0.1,661794,jazz,A
11,b.wav,90,,661794,rock,B
12,c.wav,100,0.3,661794,jazz,A
13,d.wav,101,inf,661794,rock,
14,e.wav,102,0.5,661794,,B
15,f.wav,103,0.6,661794,polka,C
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "features.csv"
    path.write_text(ROWS)
    return path


def test_text_ids_and_constants_are_left_out_and_named(file: Path) -> None:
    table = labelled_table(file, label="label", group=None, least=2)
    assert table.columns == ("tempo", "rms")
    assert table.notes == (
        "1 rows have no label and are left out",
        "1 rows are left out: fewer than 2 have the label polka",
        "columns left out, text: filename, artist",
        "columns left out, ids: track_id",
        "columns left out, one value only: length",
    )


def test_rows_with_a_label_keep_their_values_and_order(file: Path) -> None:
    table = labelled_table(file, label="label", group=None, least=2)
    assert table.labels == ("jazz", "rock")
    assert table.classes.tolist() == [0, 1, 0, 1]
    assert table.values[:, 0].tolist() == [120.5, 90, 100, 101]
    assert [str(value) for value in table.values[:, 1]] == ["0.1", "nan", "0.3", "nan"]
    assert table.groups is None


def test_a_row_without_a_group_is_a_group_of_its_own(file: Path) -> None:
    table = labelled_table(file, label="label", group="artist", least=2)
    assert table.groups is not None
    assert table.groups.tolist() == [0, 1, 0, 2]
    assert table.columns == ("tempo", "rms")


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_are_recognised(file: Path, separator: str) -> None:
    file.write_text(ROWS.replace(",", separator))
    assert labelled_table(file, label="label", group=None, least=2).columns == ("tempo", "rms")


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("id", True), ("genre_id", True), ("index", True), ("Unnamed: 0", True), ("trackId", True), ("", True),
        ("valid", False), ("centroid", False), ("tempo", False),
    ],
)  # fmt: skip
def test_whole_numbers_named_like_an_id_are_no_feature(tmp_path: Path, name: str, left_out: bool) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{name},x,label\n" + "".join(f"{i},{i / 7},{'ab'[i % 2]}\n" for i in range(6)))
    columns = labelled_table(path, label="label", group=None, least=2).columns
    assert columns == (("x",) if left_out else (name, "x"))


def test_labels_that_are_numbers_are_labels(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"{i / 3},{i % 2}\n" for i in range(6)))
    table = labelled_table(path, label="y", group=None, least=2)
    assert (table.labels, table.classes.tolist()) == (("0", "1"), [0, 1, 0, 1, 0, 1])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x,y\n1,a\n", "has no column 'label'; its columns are x, y"),
        ("name,label\nq,a\nr,a\ns,b\nt,b\n", "has no numeric column beside the label; features must be numbers"),
        (
            "x,label\n1,a\n2,a\n3,b\n",
            "column 'label' has 1 label with 2 rows or more; two are needed to tell apart; name another column with "
            "--label, or ask for fewer --folds",
        ),
        ("", "is no table (No columns to parse from file); name a CSV or TSV file with a header"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        labelled_table(path, label="label", group=None, least=2)
    assert str(raised.value) == f"{path}: {problem}"


def test_a_file_that_is_not_there_or_no_text_is_one_line(tmp_path: Path) -> None:
    for path, problem in ((tmp_path / "gone.csv", "there is no such file"), (tmp_path, "cannot be read")):
        with pytest.raises(InputError, match=problem):
            labelled_table(path, label="label", group=None, least=2)
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00,\x81label\n1,2\n")
    with pytest.raises(InputError, match="not UTF-8"):
        labelled_table(tmp_path / "x.csv", label="label", group=None, least=2)
