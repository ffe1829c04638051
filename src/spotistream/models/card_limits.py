"""What a model must not be used for, said from what its manifest and its report hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spotistream.models.report import ModelReport, Slice

SIMULATED = "simulation"
"""The source of simulated plays, as in table ``plays``."""
FEW_LISTENERS = 100
HARDLY = 0.5
"""A group that reaches less than this share of the best one is served badly."""


def limits(manifest: Mapping[str, Any], report: ModelReport | None) -> list[tuple[str, str]]:
    """Headings and sentences, most particular first; plain text."""
    return [*_of_data(manifest), *_of_figures(report), *_of_use()]


def _of_data(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    sources = manifest.get("sources")
    if not isinstance(sources, Mapping) or not sum(sources.values()):
        yield (
            "Perhaps not people",
            "The manifest does not say where the plays came from. Where simulated listeners took part, the model has "
            "learned the rules of the simulation, and its figures say how well it follows those.",
        )
    elif share := sources.get(SIMULATED, 0) / sum(sources.values()):
        yield (
            "Simulated listeners",
            f"{share:.0%} of its plays come from simulated listeners, who follow written rules. Its figures say how "
            "well it found those rules, not how well it would serve people.",
        )
    if until := manifest.get("last_play"):
        yield ("Nothing newer", f"It learned from plays up to {until}. What is liked since it cannot know.")


def _of_figures(report: ModelReport | None) -> Iterator[tuple[str, str]]:
    if report is None or not report.listeners:
        yield (
            "Not measured",
            "No listener was held out of its training, so nothing on this page says how well it ranks. Do not compare "
            "it with another model.",
        )
        return
    if report.listeners < FEW_LISTENERS:
        yield (
            "Few witnesses",
            f"{report.listeners} listeners were held out. The intervals are wide; differences within them mean "
            "nothing.",
        )
    yield _of_popularity(report)
    yield _of_newcomers(report)
    yield _of_cold_tracks(report)
    share = report.by_k.get("coverage", {}).get(report.k)
    if share is not None and share.value is not None:
        yield (
            "A part of the catalogue",
            f"The lists of all held-out listeners together hold {share.value:.1%} of {report.tracks:,} tracks. It is "
            "no way to give every artist a hearing.",
        )


def _of_popularity(report: ModelReport) -> tuple[str, str]:
    heading, found = "Popular tracks first", _by_group(report.slices.get("item_popularity", ()))
    if not {"head", "tail"} <= found.keys():
        return heading, "How much better it finds what is popular than what is not could not be measured."
    head, tail = (found[name].ndcg.value or 0.0 for name in ("head", "tail"))
    share = report.by_k.get("popular_share", {}).get(report.k)
    listed = "" if share is None or share.value is None else f" {share.value:.0%} of a list are tracks of the head."
    return heading, (
        f"NDCG@{report.k} is {head:.4f} for the most played tracks and {tail:.4f} for the least played, each taking a "
        f"fifth of all listening.{listed} What it offers makes the popular more popular."
    )


def _of_newcomers(report: ModelReport) -> tuple[str, str]:
    heading, groups = "New listeners", report.slices.get("history", ())
    shortest = next((one for one in groups if one.group.startswith("1-")), None)
    if shortest is None:
        least = groups[0].group if groups else "any"
        return heading, (
            f"No held-out listener had fewer than five tracks; the shortest histories measured have {least}. How it "
            "serves newcomers is not known."
        )
    value, best = shortest.ndcg.value or 0.0, max(one.ndcg.value or 0.0 for one in groups)
    word = "It is poor" if value < HARDLY * best else "It is measured"
    return heading, (
        f"{word} for listeners with {shortest.group} tracks: NDCG@{report.k} {value:.4f} ({shortest.listeners:,} "
        f"listeners), against {best:.4f} in the best group. Before the first play it knows nobody."
    )


def _of_cold_tracks(report: ModelReport) -> tuple[str, str]:
    heading, found = "New tracks", _by_group(report.slices.get("cold_items", ()))
    if not found:
        return heading, "No track with fewer than five listeners was held out: how it finds new music is not known."
    told = "; ".join(
        f"{(one.ndcg.value or 0.0):.4f} for tracks with {name} listeners in training" for name, one in found.items()
    )
    return heading, f"NDCG@{report.k} is {told}. Do not judge new music by whether it is recommended."


def _of_use() -> Iterator[tuple[str, str]]:
    yield (
        "Not about people",
        "It orders tracks for one listener. It must not be used to guess age, sex, origin, health, belief or mood, to "
        "judge anybody, or to sort listeners.",
    )
    yield (
        "Not about worth",
        "Scores order one list; they cannot be compared between listeners or models, and say nothing about the quality "
        "of music. They must not decide what artists are paid.",
    )


def _by_group(groups: Sequence[Slice]) -> dict[str, Slice]:
    return {one.group: one for one in groups}
