"""The plots of a model card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from spotistream.models.card_charts import Curve, bars, curves, heat
from spotistream.models.card_words import word
from spotistream.models.report import Confusion, Figure, ModelReport, Slice

LENGTH = "length of the list"
CONFUSION = (
    "rows are what a track is, columns what the classifier of genres takes it for, on tracks it was not trained on; "
    "the stronger the colour, the more of the row"
)


def plots(report: ModelReport | None, confusion: Confusion | None) -> str:
    """Every plot there are figures for."""
    measured = report is not None and report.listeners > 0
    drawn = "".join(_drawn(*plot) for plot in _plots(report)) if report is not None and measured else ""
    text = f'<h2>Where it is good and where not</h2><div class="plots">{drawn}</div>' if drawn else ""
    if confusion is not None:
        text += f"<h2>Genres</h2>{_drawn('Which genres are taken for which', CONFUSION, heat(confusion), kind='wide')}"
    return text


def _plots(report: ModelReport) -> Iterator[tuple[str, str, str]]:
    """Heading, note, drawing."""
    told = f"NDCG@{report.k}"
    models = {report.model: report.by_k, **report.peers}
    yield (
        "NDCG by length of the list",
        "with the 95 % interval of this model",
        _over_k({name: found.get("ndcg", {}) for name, found in models.items()}),
    )
    yield (
        "Other metrics",
        "recall, precision and hit rate",
        _over_k({word(metric): report.by_k.get(metric, {}) for metric in ("recall", "precision", "hit_rate")}),
    )
    yield (
        "Coverage",
        "share of the catalogue that comes in any list",
        _over_k({name: found.get("coverage", {}) for name, found in models.items()}),
    )
    yield (
        "Share of the popular",
        "how much of a list is of the head, the few tracks that take a fifth of all listening",
        _over_k({name: found.get("popular_share", {}) for name, found in models.items()}),
    )
    yield (
        "Diversity",
        "one less the likeness of two tracks of a list, by who listens to them",
        _over_k({name: found.get("diversity", {}) for name, found in models.items()}),
    )
    yield (
        f"{told} by popularity",
        "of the tracks asked for: head and tail each take a fifth of all listening; the number of listeners below",
        _by_group(report, "item_popularity"),
    )
    yield (
        f"{told} by history",
        "how many tracks of a listener the model was given; the number of listeners below",
        _by_group(report, "history"),
    )
    yield (
        f"{told} of new tracks",
        "by how many listeners a track has in training; the number of listeners asked below",
        _by_group(report, "cold_items"),
    )
    learned = [(share, Figure(value)) for share, value in report.learning_curve]
    yield (
        "Learning curve",
        f"{told} by the share of the training listeners it learned from",
        curves({told: learned}, x_label="share of the training listeners"),
    )


def _over_k(found: Mapping[str, Mapping[int, Figure]]) -> str:
    ks = sorted({k for figures in found.values() for k in figures})
    series: dict[str, Curve] = {
        name: [(float(place), figures[k]) for place, k in enumerate(ks) if k in figures]
        for name, figures in found.items()
    }
    return curves(series, x_label=LENGTH, names=[str(k) for k in ks])


def _by_group(report: ModelReport, grouping: str) -> str:
    groups: Sequence[Slice] = report.slices.get(grouping, ())
    return bars(groups, what=lambda one: one.ndcg, label=f"NDCG by {grouping.replace('_', ' ')}")


def _drawn(heading: str, note: str, drawing: str, *, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f"<figure{name}><h3>{escape(heading)}</h3><figcaption>{escape(note)}</figcaption>{drawing}</figure>"
