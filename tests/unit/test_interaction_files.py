"""Files of interactions in every form people keep them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from spotistream.errors import InputError
from spotistream.evaluation.observations import Observations
from spotistream.evaluation.reading import read_observations

Rows = list[tuple[str, str, float, float | None]]


def rows_of(observations: Observations) -> Rows:
    times = [None] * len(observations) if observations.times is None else observations.times.tolist()
    users = observations.user_names[observations.users].tolist()
    items = observations.item_names[observations.items].tolist()
    return list(zip(users, items, observations.weights.tolist(), times, strict=True))


def read(path: Path, *, form: str = "auto") -> tuple[Rows, list[str]]:
    said: list[str] = []
    observations, _ = read_observations(path, form=form, say=said.append)
    return rows_of(observations), said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plays"


PAIRS: Rows = [("u1", "a", 1.0, None), ("u1", "b", 1.0, None), ("u2", "a", 1.0, None)]
WEIGHTED: Rows = [("u1", "a", 3.0, None), ("u1", "b", 0.5, None), ("u2", "a", 7.0, None)]
TIMED: Rows = [("u1", "a", 3.0, 1.7e9), ("u1", "b", 0.5, 1.7e9 + 1), ("u2", "a", 7.0, 1.7e9 + 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u1,a\nu1,b\nu2,a\n", PAIRS),
        ("u1\ta\r\nu1\tb\r\nu2\ta", PAIRS),
        ("user_id;track_id\nu1;a\nu1;b\nu2;a\n", PAIRS),
        ("\n\nu1 a\nu1  b\n\nu2 a\n", PAIRS),
        ("u1,a,3\nu1,b,0.5\nu2,a,7\n", WEIGHTED),
        ("u1::a::3\nu1::b::0.5\nu2::a::7\n", WEIGHTED),
        ('"user","item","rating"\n"u1","a","3"\n"u1","b",".5"\n"u2","a","7"\n', WEIGHTED),
        ("item,plays,user\na,3,u1\nb,.5,u1\na,7,u2\n", WEIGHTED),
        ("who,what,much\nu1,a,3\nu1,b,0.5\nu2,a,7\n", WEIGHTED),
        ("\ufeffuserID\tartistID\tweight\nu1\ta\t3\nu1\tb\t0.5\nu2\ta\t7\n", WEIGHTED),
        ("u1::a::3::1700000000\nu1::b::.5::1700000001\nu2::a::7::1700000002\n", TIMED),
        ("u1,a,3,1700000000000\nu1,b,.5,1700000001000\nu2,a,7,1700000002000\n", TIMED),
        ("u1\ta\t3\t20231114T221320Z\nu1\tb\t.5\t2023-11-14 22:13:21\nu2\ta\t7\t2023-11-14T23:13:22+01:00\n", TIMED),
    ],
)  # fmt: skip
def test_pairs_are_read_whatever_separates_and_heads_them(file: Path, text: str, expected: Rows) -> None:
    file.write_text(text, encoding="utf-8")
    assert read(file)[0] == expected


def test_a_third_column_of_times_is_no_weight(file: Path) -> None:
    for text in ("u1,a,1700000000\nu2,a,1700000001\n", "u1,a,2023-11-14T22:13:20\nu2,a,2023-11-14T22:13:21\n"):
        file.write_text(text, encoding="utf-8")
        assert read(file)[0] == [("u1", "a", 1.0, 1.7e9), ("u2", "a", 1.0, 1.7e9 + 1)]


def test_a_quoted_cell_may_hold_the_separator(file: Path) -> None:
    file.write_text('u1,"Boy, Boy, Boy",2\nu2,"say ""hi""",1\n', encoding="utf-8")
    assert read(file)[0] == [("u1", "Boy, Boy, Boy", 2.0, None), ("u2", 'say "hi"', 1.0, None)]


def test_a_line_of_a_user_and_many_items_is_a_list(file: Path) -> None:
    file.write_text("0 10 11 12 13 14\n1 10\n2\n3 11 12\n", encoding="utf-8")
    expected = [("0", str(item), 1.0, None) for item in range(10, 15)]
    expected += [("1", "10", 1.0, None), ("3", "11", 1.0, None), ("3", "12", 1.0, None)]
    rows, said = read(file)
    assert rows == expected
    assert said == [f"{file}: user item item …; separated by white space, without a header"]


def test_short_lists_are_lists_where_that_is_known(file: Path) -> None:
    file.write_text("0 10 11\n1 12 13\n", encoding="utf-8")
    assert [row[:2] for row in read(file, form="lists")[0]] == [("0", "10"), ("0", "11"), ("1", "12"), ("1", "13")]
    assert [row[:3] for row in read(file)[0]] == [("0", "10", 11.0), ("1", "12", 13.0)]


def test_gzip_is_known_by_its_bytes(file: Path) -> None:
    file.write_bytes(gzip.compress(b"u1,a\nu1,b\nu2,a\n"))
    assert read(file)[0] == PAIRS


def test_bad_lines_are_left_out_counted_and_named(file: Path) -> None:
    good = "".join(f"u{n},a,1\n" for n in range(10))
    file.write_text(good + "u1\n,a,1\nu1,,1\nu1,b,many\nu2,b,inf\nu3,b,nan\n", encoding="utf-8")
    rows, said = read(file)
    assert len(rows) == 10
    assert said[1:] == [
        f"{file}, line 11: has 1 cells, not 3",
        f"{file}, line 12: has no user",
        f"{file}, line 13: has no item",
        f"{file}, line 14: its weight is no number: 'many'",
        f"{file}, line 15: its weight is no number: 'inf'",
        f"{file}: 6 of 16 lines cannot be read and are left out",
    ]


def test_weights_of_zero_or_less_are_no_wish(file: Path) -> None:
    file.write_text("u1,a,1\nu1,b,0\nu2,a,-3\n", encoding="utf-8")
    rows, said = read(file)
    assert rows == [("u1", "a", 1.0, None)]
    assert said[1:] == [f"{file}: 2 lines with a weight of 0 or less are no wish and are left out"]


def test_a_time_that_is_none_is_a_bad_line(file: Path) -> None:
    file.write_text("u1,a,1,1700000000\nu2,a,1,soon\nu3,a,1,1700000000\nu4,a,1,1700000000\n", encoding="utf-8")
    rows, said = read(file)
    assert [row[0] for row in rows] == ["u1", "u3", "u4"]
    assert said[1] == f"{file}, line 2: its time is neither unix seconds nor ISO 8601: 'soon'"


def test_names_that_are_no_utf_8_are_read_all_the_same(file: Path) -> None:
    file.write_bytes(b"u1,Bj\xf6rk\nu2,Bj\xf6rk\n")
    assert [row[1] for row in read(file)[0]] == ["Bj\ufffdrk"] * 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"one\ntwo\n", "has lines of one cell only"),
        (b"u1,a,0\n", "holds no interaction"),
        (b"user,item,rating\n", "holds no interaction"),
        (b"u1,a,1\nu1,b,x\nu1,c,x\nu1,d,x\n,,\n", "4 of 5 lines cannot be read, first line 2"),
        (gzip.compress(b"u1,a\n" * 5000, mtime=0)[:40], "is not a whole gzip file"),
    ],
)
def test_what_cannot_be_used_is_one_error(file: Path, content: bytes, problem: str) -> None:
    file.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read(file)
    assert problem in str(raised.value)
    assert str(file) in str(raised.value)


def test_a_missing_file_and_a_folder_are_one_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read(tmp_path / "none")
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path)


def test_real_plays_are_read_whole(shared_data: Path) -> None:
    said: list[str] = []
    observations, layout = read_observations(
        shared_data / "listening" / "hetrec2011-lastfm-2k" / "user_artists.dat", say=said.append
    )
    assert (len(observations), len(observations.user_names), len(observations.item_names)) == (92_834, 1892, 17_632)
    assert float(np.sum(observations.weights)) == 69_183_975
    assert layout.columns == {"user": 0, "item": 1, "weight": 2}
