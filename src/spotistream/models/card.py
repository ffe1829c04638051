"""The card of a model: one HTML file that needs nothing beside it, all of it from the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from spotistream.files import replace_text
from spotistream.models.card_limits import limits
from spotistream.models.card_plots import plots
from spotistream.models.card_style import STYLE
from spotistream.models.card_words import between, code, number, table, word
from spotistream.models.report import METRICS, Confusion, Figure, ModelReport

CARD_FILE = "card.html"


def write_card(folder: Path, manifest: Mapping[str, Any], *, confusion: Confusion | None = None) -> Path:
    """Write the card of a version into its folder, over an older one. Returns where."""
    replace_text(folder / CARD_FILE, card_page(manifest, confusion=confusion))
    return folder / CARD_FILE


def card_page(manifest: Mapping[str, Any], *, confusion: Confusion | None = None) -> str:
    """The page. A manifest without a report, or with one that cannot be read, has a card that says so.

    confusion : of the genres, where the report has none
    """
    report = report_of(manifest)
    title = f"{report.model if report else manifest.get('model', 'model')} {manifest.get('version', '')}"
    shown = (report.confusion if report else None) or confusion
    parts = [_header(manifest, report), _measured(report), plots(report, shown), _limits(manifest, report)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Model card: {escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}{_made_from(manifest)}"
        "<footer>Made from the version's manifest by spotistream. Figures are means over held-out listeners; intervals "
        "hold 95 of 100 means over listeners drawn again with replacement.</footer></main></body></html>\n"
    )


def report_of(manifest: Mapping[str, Any]) -> ModelReport | None:
    """The report in a manifest; None where there is none that can be read."""
    try:
        return ModelReport.from_json(manifest["report"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _header(manifest: Mapping[str, Any], report: ModelReport | None) -> str:
    name = str(report.model if report else manifest.get("model", "model"))
    tiles = []
    if report is not None and report.listeners:
        for metric in ("ndcg", "recall", "coverage"):
            figure = report.by_k.get(metric, {}).get(report.k, Figure(None))
            name_of_it = ", ".join(filter(None, (f"{word(metric)}@{report.k}", between(metric, figure))))
            tiles.append((number(metric, figure.value), name_of_it))
    tiles += [(f"{manifest[key]:,}", f"{key} learned from") for key in ("plays", "listeners") if key in manifest]
    tiles += [(f"{manifest['tracks']:,}", "tracks in the catalogue")] if "tracks" in manifest else []
    made = str(manifest.get("created_at", ""))[:16].replace("T", " ")
    extends = f" It is {code(manifest['extends'])} with other tracks." if "extends" in manifest else ""
    return (
        f"<header><p>Model card</p><h1>{escape(name.replace('_', ' ').capitalize())}</h1>"
        f"<p>{code(manifest.get('version', ''))}{f' · made {escape(made)} UTC' if made else ''}.{extends}</p></header>"
        f"{_verdict(manifest)}"
        f'<div class="tiles">{"".join(_tile(*tile) for tile in tiles)}</div>'
    )


def _verdict(manifest: Mapping[str, Any]) -> str:
    verdict = manifest.get("verdict")
    if not isinstance(verdict, Mapping):
        return ""
    accepted = bool(verdict.get("accepted"))
    word, kind = ("Accepted", "") if accepted else ("Refused", " refused")
    return f'<p class="verdict{kind}"><b>{word}:</b> {escape(str(verdict.get("reason", "")))}.</p>'


def _measured(report: ModelReport | None) -> str:
    if report is None or not report.listeners:
        return "<h2>How well it ranks</h2><p>It was not measured: no listener was held out of its training.</p>"
    columns = {report.model: report.by_k, **report.peers}
    rows = []
    for metric in METRICS:
        figures = [found.get(metric, {}).get(report.k, Figure(None)) for found in columns.values()]
        if any(figure.value is not None for figure in figures):
            cells = "".join(_cell(metric, figure) for figure in figures)
            rows.append(f"<tr><th>{word(metric)}@{report.k}</th>{cells}</tr>")
    head = "<th></th>" + "".join(f'<th class="number">{escape(name)}</th>' for name in columns)
    return (
        f"<h2>How well it ranks</h2><p>{report.listeners:,} listeners were held out of its training. A part of what "
        f"each played was given to the model; it ranked all {report.tracks:,} tracks, and was asked for the rest.</p>"
        f"{table(head, rows)}"
    )


def _cell(metric: str, figure: Figure) -> str:
    return f'<td class="number">{number(metric, figure.value)}<small>{between(metric, figure)}</small></td>'


def _limits(manifest: Mapping[str, Any], report: ModelReport | None) -> str:
    told = "".join(f"<li><b>{escape(head)}.</b> {escape(text)}</li>" for head, text in limits(manifest, report))
    return f'<h2>What it must not be used for</h2><ul class="limits">{told}</ul>'


def _made_from(manifest: Mapping[str, Any]) -> str:
    """Data, settings and libraries, as tables."""
    data: dict[str, Any] = {key: manifest[key] for key in ("plays", "listeners", "tracks") if key in manifest}
    data |= {f"plays from {source}": count for source, count in _mapping(manifest.get("sources")).items()}
    data |= {key.replace("_", " "): manifest[key] for key in ("first_play", "last_play") if key in manifest}
    data |= {f"table {name}, version": version for name, version in _mapping(manifest.get("data_versions")).items()}
    data |= {key.replace("_", " "): manifest[key] for key in ("feature_spec", "sounds_version") if manifest.get(key)}
    tables = {
        "Data": data,
        "Settings": _flat(manifest.get("settings")),
        "Made with": _mapping(manifest.get("libraries")),
    }
    drawn = "".join(_facts(name, facts) for name, facts in tables.items() if facts)
    return f'<h2>What it is made from</h2><div class="facts">{drawn}</div>'


def _facts(name: str, facts: Mapping[str, Any]) -> str:
    rows = [f"<tr><th>{escape(str(key))}</th><td>{_value(value)}</td></tr>" for key, value in facts.items()]
    return table(f'<th colspan="2">{escape(name)}</th>', rows)


def _flat(settings: Any, before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in _mapping(settings).items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else {f"{before}{key}": value}
    return flat


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _value(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else escape(str(value))


def _tile(value: str, name: str) -> str:
    return f'<div class="tile"><b>{escape(value)}</b><span>{escape(name)}</span></div>'
