"""Damaged CSV files: exactly the damaged records are rejected, each once, and nothing after them is lost."""

from __future__ import annotations

import io

import pytest

from spotistream.catalogue.fma.records import MAX_RECORD_BYTES, CsvRecords, Record, Rejected
from spotistream.catalogue.fma.source import CheckedStream
from spotistream.errors import InputError

HEADER = b"id,title,note\n"


def records(body: bytes, *, header: bytes = HEADER) -> list[Record | Rejected]:
    stream = CheckedStream(io.BytesIO(header + body), "some.csv")
    return list(CsvRecords(stream, file="some.csv", header_rows=1))


def outline(body: bytes) -> list[tuple[int, str]]:
    """For each record its line, and its id where it is accepted, else the code."""
    return [(r.line, r.cells[0] if isinstance(r, Record) else r.code) for r in records(body)]


def test_quotes_commas_and_line_breaks_are_part_of_a_cell() -> None:
    assert records(b'1,"a, ""b""","one\ntwo"\n2,c,d\n') == [
        Record(2, ["1", 'a, "b"', "one\ntwo"], True),
        Record(4, ["2", "c", "d"], True),
    ]


def test_a_quote_that_is_never_closed_costs_its_own_record_only() -> None:
    body = b'1,a,b\n2,"open,b\n' + b"".join(b"%d,a,b\n" % number for number in range(3, 5_000)) + b'5000,"a",b\n'
    found = outline(body)
    assert [code for _, code in found if not code.isdigit()] == ["quoting"]
    assert found[:3] == [(2, "1"), (3, "quoting"), (4, "3")]
    assert found[-1] == (5001, "5000")
    assert len(found) == 5_000


def test_a_quote_that_is_never_closed_in_a_file_without_another_costs_its_own_record_only() -> None:
    assert outline(b'1,a,b\n2,"open,b\n3,a,b\n4,a,b\n') == [(2, "1"), (3, "cut"), (4, "3"), (5, "4")]


def test_a_quote_that_closes_a_cell_too_early_costs_its_own_record_only() -> None:
    body = b'1,"a "b" c\nand more","d"\n2,"a",b\n'
    assert outline(body) == [(2, "quoting"), (4, "2")]


def test_the_first_quote_of_a_cell_is_missing() -> None:
    assert outline(b'1,a\nand more",b\n2,a,b\n') == [(2, "columns"), (4, "2")]


def test_lines_that_are_left_out_with_a_record_are_told() -> None:
    (found,) = records(b"1,a\nx,a,b\ny\n")
    assert isinstance(found, Rejected)
    assert (found.line, found.reason) == (
        2, "it has 2 instead of 3 columns; 2 more lines up to the next record left out with it"
    )  # fmt: skip


def test_a_quote_inside_a_bare_cell_is_a_letter() -> None:
    assert records(b'1,12" mix,b\n2,a,b\n')[0] == Record(2, ["1", '12" mix', "b"], True)


def test_a_line_of_a_cell_that_looks_like_a_record_is_part_of_the_cell() -> None:
    assert records(b'1,"born in\n1990, in Rome",b\n') == [Record(2, ["1", "born in\n1990, in Rome", "b"], True)]


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        (b"1,a\n", "columns", "it has 2 instead of 3 columns"),
        (b"1,a,b,c\n", "columns", "it has 4 instead of 3 columns"),
        (b"1,a", "cut", "the file ends inside it: it has 2 instead of 3 columns"),
        (b'1,a,"b', "cut", "the file ends inside a quoted field"),
        (b'1,"a"x,b\n', "quoting", "its quotes do not fit: ',' expected after '\"'"),
        (b"1," + b"a" * MAX_RECORD_BYTES + b",b\n", "too_long", "it has more than 1,000,000 bytes"),
        (
            b'1,"' + b"a\n" * (MAX_RECORD_BYTES // 2) + b'",b\n',
            "too_long",
            "it has more than 1,000,000 bytes; 2 more lines up to the next record left out with it",
        ),
    ],
)
def test_a_damaged_record_says_what_is_wrong_and_the_next_is_read(body: bytes, code: str, reason: str) -> None:
    first, *others = records(body if code == "cut" else body + b"2,a,b\n")
    assert isinstance(first, Rejected)
    assert (first.file, first.line, first.code, first.reason) == ("some.csv", 2, code, reason)
    assert first.record == body.decode()[:1000]
    following = [] if code == "cut" else [["2", "a", "b"]]
    assert [other.cells for other in others if isinstance(other, Record)] == following


def test_the_last_record_needs_no_line_break() -> None:
    assert outline(b"1,a,b\n2,a,b") == [(2, "1"), (3, "2")]


def test_blank_lines_windows_line_ends_and_a_byte_order_mark_are_no_damage() -> None:
    found = records(b"1,a,b\r\n\r\n2,a,b\r\n", header=b"\xef\xbb\xbfid,title,note\r\n")
    assert [(r.line, r.cells) for r in found if isinstance(r, Record)] == [(2, ["1", "a", "b"]), (4, ["2", "a", "b"])]


def test_bytes_that_are_not_utf8_are_marked_and_the_record_says_so() -> None:
    assert records("1,Björk,b\n".encode("latin-1") + "2,Björk,b\n".encode()) == [
        Record(2, ["1", "Bj�rk", "b"], False),
        Record(3, ["2", "Björk", "b"], True),
    ]


def test_all_bytes_of_a_line_that_is_too_long_are_counted() -> None:
    body = b"1," + b"a" * 3_000_000 + b",b\n2,a,b\n"
    found = CsvRecords(CheckedStream(io.BytesIO(HEADER + body), "some.csv"), file="some.csv", header_rows=1)
    assert [r.line for r in found] == [2, 3]
    assert found.position == len(HEADER + body)


@pytest.mark.parametrize("content", [b"", b'"id,title\n'])
def test_a_file_without_a_header_is_one_line(content: bytes) -> None:
    with pytest.raises(InputError, match=r"^some.csv: does not begin with 1 row of column names; download it again$"):
        records(b"", header=content)


WHOLE = [b"1,a,b\n", b'2,"a, ""b""","one\ntwo"\n', b"3,a,b\n", b'4,"[1, 2]",b\n', b'5,a,"<p>\n\n</p>"\n', b"6,a,b\n"]


@pytest.mark.parametrize("hurt", range(len(WHOLE)))
@pytest.mark.parametrize("damage", ["a quote more", "a byte less"])
def test_a_byte_of_damage_anywhere_in_a_record_leaves_all_others_as_they_are(hurt: int, damage: str) -> None:
    others = [found for place, raw in enumerate(WHOLE) if place != hurt for found in cells_of(raw)]
    for place in range(len(WHOLE[hurt]) - 1):
        raw = WHOLE[hurt]
        raw = raw[:place] + (b'"' + raw[place:] if damage == "a quote more" else raw[place + 1 :])
        accepted = cells_of(b"".join([*WHOLE[:hurt], raw, *WHOLE[hurt + 1 :]]))
        assert [cells for cells in others if cells not in accepted] == []
        assert len(accepted) <= len(WHOLE)


def cells_of(body: bytes) -> list[list[str]]:
    return [record.cells for record in records(body) if isinstance(record, Record)]
