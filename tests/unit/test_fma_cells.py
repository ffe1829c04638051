"""What cells of FMA's files mean, and which are no values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from spotistream.catalogue.fma import cells
from spotistream.catalogue.fma.cells import Cells
from spotistream.catalogue.fma.plain_text import plain_text


@pytest.mark.parametrize(
    ("convert", "text", "value"),
    [
        (cells.count, "0", 0),
        (cells.count, "-1", None),  # how FMA writes that it does not know
        (cells.count, "4656.0", 4656),
        (cells.ordinal, "0", None),
        (cells.seconds, "168", 168.0),
        (cells.seconds, "0", None),
        (cells.degrees(90), "-40.0583238", -40.0583238),
        (cells.moment, "2009-01-05", datetime(2009, 1, 5, tzinfo=UTC)),
        (cells.year, "1980-01-01 00:00:00", 1980),
        (cells.numbers, "[]", ()),
        (cells.numbers, "[89, 12, 25]", (89, 12, 25)),
        (cells.words, "['portland', 'pdx', 'pdx']", ("portland", "pdx")),
        (cells.words, r"""["d'oh", 'a\'b', 'caf\xe9', 'a\nb']""", ("d'oh", "a'b", "café", "a b")),
        (cells.words, r"['\ud800']", None),  # half a character is none
        (cells.language, "EN", "en"),
        (cells.address, "http://a.org/  http://b.org/", "http://a.org/"),
        (cells.one_line, " a\x00b\n c ", "a b c"),
        (cells.lines, "Ida No\n\n Johnny Jewel", "Ida No\nJohnny Jewel"),
    ],
)
def test_a_cell_has_its_value(convert: Callable[[str], object], text: str, value: object) -> None:
    assert convert(text) == value


@pytest.mark.parametrize(
    ("convert", "text"),
    [
        (cells.whole, "1_000"),
        (cells.whole, "１２"),
        (cells.whole, "1e3"),
        (cells.ordinal, "2147483648"),
        (cells.count, "9223372036854775808"),
        (cells.seconds, "-3"),
        (cells.seconds, "nan"),
        (cells.decimal, "1e999"),
        (cells.degrees(90), "90.5"),
        (cells.moment, "2009-02-30 00:00:00"),
        (cells.moment, "0001-01-01"),
        (cells.year, "-1"),
        (cells.numbers, "[21"),
        (cells.numbers, "[__import__('os')]"),
        (cells.words, "['a' 'b']"),
        (cells.words, "[open('x')]"),
        (cells.language, "English"),
        (cells.address, "javascript:alert(1)"),
        (cells.address, "none"),
        (cells.one_of("small", "full"), "tiny"),
        (cells.described, "<p>" * 50_000),
    ],
)
def test_a_cell_that_is_no_value_is_refused(convert: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError):
        convert(text)


def test_what_cannot_be_read_is_empty_and_counted() -> None:
    read = Cells({"a": 0, "b": 1, "c": 2}, ["x", " ", "y" * 1_001])
    assert (read.read("a", cells.count), read.read("b", cells.count), read.read("missing", cells.count)) == (None,) * 3
    assert read.spoiled == 1
    assert read.text("c", cells.one_line) == "y" * 1_000
    assert read.spoiled == 2


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two<br />three</p>", "One\n\nTwo\nthree"),
        ("Fish &amp; chips&nbsp;&#8212; &lt;b&gt;", "Fish & chips — <b>"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("a<script>alert(1)</script>b<style>p {}</style>c", "abc"),
        ("<p>never closed <b>at all", "never closed at all"),
        ("<script>never closed", ""),
        ("a < b and <3", "a < b and <3"),
        ('<a href="x">link</a>\n  on   one line', "link on one line"),
    ],
)
def test_html_becomes_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text
