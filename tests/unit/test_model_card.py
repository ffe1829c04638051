"""The card of a model: every figure from its manifest, nothing from outside, limits that follow the facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from spotistream.models.card import CARD_FILE, card_page, write_card
from spotistream.models.card_charts import bars, curves, heat
from spotistream.models.card_limits import limits
from spotistream.models.report import Confusion, Figure, ModelReport, Slice

CONFUSION = Confusion(("folk & <b>roots</b>", "dub"), ((9, 1), (0, 5)))
REPORT = ModelReport(
    model="hybrid",
    listeners=240,
    tracks=1000,
    k=20,
    by_k={
        "ndcg": {1: Figure(0.3, 0.25, 0.35), 20: Figure(0.28164, 0.2724, 0.2903)},
        "coverage": {1: Figure(0.02), 20: Figure(0.125)},
        "popular_share": {1: Figure(0.9, 0.8, 1.0), 20: Figure(0.4, 0.3, 0.5)},
    },
    slices={
        "item_popularity": (
            Slice("head", 200, Figure(0.5, 0.4, 0.6), Figure(0.6)),
            Slice("tail", 90, Figure(0.01, 0.0, 0.02), Figure(0.02)),
        ),
        "history": (Slice("1-4", 40, Figure(0.1), Figure(0.1)), Slice("20-49", 200, Figure(0.3), Figure(0.3))),
        "cold_items": (Slice("0", 12, Figure(0.004), Figure(0.01)),),
    },
    peers={"als <script>": {"ndcg": {20: Figure(0.25, 0.24, 0.26)}}},
    learning_curve=((0.5, 0.2), (1.0, 0.28)),
    confusion=CONFUSION,
)
MANIFEST: Mapping[str, Any] = {
    "version": "v2",
    "created_at": "2026-11-21T09:30:00+00:00",
    "plays": 80_000,
    "listeners": 1501,
    "tracks": 1000,
    "sources": {"player": 20_000, "simulation": 60_000},
    "first_play": "2026-08-21",
    "last_play": "2026-11-20",
    "settings": {"factors": 32, "hybrid": {"share": 0.5}},
    "data_versions": {"plays": 4},
    "libraries": {"numpy": "<2.3>"},
    "verdict": {"accepted": False, "reason": "worse than v1: NDCG@20 & more"},
    "report": REPORT.as_json(),
}


class Page(HTMLParser):
    """Texts, tags, and what is fetched from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


def told(**facts: Any) -> dict[str, str]:
    """The limits by heading, of the manifest with other facts."""
    return dict(limits({**MANIFEST, **facts}, REPORT))


def test_figures_settings_and_data_are_those_of_the_manifest() -> None:
    text = Page(card_page(MANIFEST)).text
    for part in (
        "NDCG@20 0.2816 0.2724 to 0.2903 0.2500 0.2400 to 0.2600", "Coverage@20 12.5%", "240 listeners were held out",
        "plays 80,000", "plays from simulation 60,000", "first play 2026-08-21", "table plays, version 4",
        "factors 32", "hybrid.share 0.5", "Refused: worse than v1: NDCG@20 & more.",
    ):  # fmt: skip
        assert part in text


def test_it_needs_nothing_beside_it() -> None:
    text = card_page(MANIFEST)
    page = Page(text)
    assert page.open == []
    assert page.fetched == []
    assert "url(" not in text and "@import" not in text and "<script" not in text


def test_names_are_escaped_wherever_they_come() -> None:
    text = card_page(MANIFEST)
    assert "<b>roots" not in text
    assert "als &lt;script&gt;" in text
    assert "&lt;2.3&gt;" in text
    assert "folk &amp; &lt;b&gt;roots&lt;/b&gt; taken for dub: 1 of 10" in text


@pytest.mark.parametrize("report", [None, {}, {"model": "hybrid"}, "text", {**REPORT.as_json(), "by_k": [1]}])
def test_a_manifest_without_a_report_has_a_card_that_says_so(report: object) -> None:
    text = Page(card_page({**MANIFEST, "report": report, "version": "v9"})).text
    assert "It was not measured: no listener was held out of its training." in text
    assert "v9" in text
    assert "NDCG by length of the list" not in text


def test_every_plot_that_was_asked_for_is_drawn() -> None:
    text = card_page(MANIFEST)
    headings = re.findall(r"<h3>([^<]+)</h3>", text)
    assert headings == [
        "NDCG by length of the list", "Other metrics", "Coverage", "Share of the popular", "Diversity",
        "NDCG@20 by popularity", "NDCG@20 by history", "NDCG@20 of new tracks", "Learning curve",
        "Which genres are taken for which",
    ]  # fmt: skip
    assert text.count('<svg viewBox="0 0 360 216"') == 7  # neither recall nor diversity was measured


def test_the_confusion_of_the_service_is_shown_where_the_report_has_none() -> None:
    plain = {**MANIFEST, "report": replace(REPORT, confusion=None).as_json()}
    assert "Which genres" not in card_page(plain)
    assert "dub taken for dub: 5 of 5" in card_page(plain, confusion=CONFUSION)


def test_simulated_plays_are_told_by_their_share_and_only_where_there_are_any() -> None:
    assert told()["Simulated listeners"].startswith("75% of its plays come from simulated listeners")
    assert not {"Simulated listeners", "Perhaps not people"} & told(sources={"player": 10}).keys()
    assert "does not say where the plays came from" in told(sources=None)["Perhaps not people"]


def test_limits_give_the_figures_they_rest_on() -> None:
    found = told()
    assert (
        "NDCG@20 is 0.5000 for the most played tracks and 0.0100 for the least played" in found["Popular tracks first"]
    )
    assert "40% of a list" in found["Popular tracks first"]
    assert found["New listeners"].startswith("It is poor for listeners with 1-4 tracks: NDCG@20 0.1000 (40 listeners)")
    assert "0.0040 for tracks with 0 listeners in training" in found["New tracks"]
    assert "12.5% of 1,000 tracks" in found["A part of the catalogue"]
    assert "2026-11-20" in found["Nothing newer"]
    assert "Few witnesses" not in found


def test_what_was_not_measured_is_said_not_to_be_known() -> None:
    bare = replace(REPORT, listeners=30, slices={"history": (Slice("20-49", 30, Figure(0.3), Figure(0.3)),)})
    found = dict(limits(MANIFEST, bare))
    assert "30 listeners were held out" in found["Few witnesses"]
    assert "could not be measured" in found["Popular tracks first"]
    assert "the shortest histories measured have 20-49" in found["New listeners"]
    assert "is not known" in found["New tracks"]
    assert "nothing on this page says how well it ranks" in dict(limits(MANIFEST, None))["Not measured"]


def test_a_curve_goes_from_the_foot_of_the_scale_to_its_top() -> None:
    drawing = curves({"a": [(0.0, Figure(0.0)), (1.0, Figure(0.4))]}, x_label="k", names=["1", "5"])
    (points,) = re.findall(r'<polyline[^>]* points="([^"]+)"', drawing)
    assert [float(pair.split(",")[1]) for pair in points.split()] == [178.0, 10.0]
    assert "legend" not in drawing


def test_a_bar_is_as_high_as_its_figure_and_names_its_listeners() -> None:
    drawing = bars(REPORT.slices["item_popularity"], what=lambda one: one.ndcg, label="x")
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', drawing)]
    assert heights == [pytest.approx(0.5 / 0.6 * 168, abs=0.1), pytest.approx(0.01 / 0.6 * 168, abs=0.1)]
    assert [text for text in re.findall(r">([^<]+)</text>", drawing) if text in ("200", "90")] == ["200", "90"]


def test_a_cell_is_coloured_by_its_share_of_the_row() -> None:
    assert re.findall(r'fill-opacity="([\d.]+)"', heat(CONFUSION)) == ["0.91", "0.15", "1.00"]


def test_a_card_written_again_replaces_the_old_one(tmp_path: Path) -> None:
    write_card(tmp_path, {**MANIFEST, "version": "v1"})
    path = write_card(tmp_path, MANIFEST)
    assert path == tmp_path / CARD_FILE
    assert path.read_text(encoding="utf-8") == card_page(MANIFEST)
    assert [file.name for file in tmp_path.iterdir()] == [CARD_FILE]
