"""docs/tables.md: every Delta table as tables.py declares it, and the queries in docs/queries.

``python -m spotistream.tables_page docs`` writes the page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spotistream import tables as t
from spotistream.layouts import Table

PAGE = "tables.md"
GROUPS: Mapping[str, tuple[Table, ...]] = {
    "The catalogue": (
        t.TRACKS,
        t.ARTISTS,
        t.ALBUMS,
        t.GENRES,
        t.GENRE_PREDICTIONS,
        t.TRACK_FEATURES,
        t.TRACK_SOUNDS,
        t.TRACK_MAP,
    ),
    "Topics of music": (t.MUSIC_TOPICS, t.TRACK_TOPICS),
    "Listening": (t.PLAYS, t.TRENDING_TRACKS),
    "Recommendations": (t.RECOMMENDATIONS, t.MODEL_METRICS),
    "Where the catalogue comes from": (t.TRACK_FILES, t.TRACK_METADATA, t.TRACKS_PUBLISHED),
    "What was rejected": (
        t.TRACKS_REJECTED,
        t.METADATA_REJECTED,
        t.TRACK_MESSAGES_REJECTED,
        t.PLAYS_REJECTED,
        t.PLAYS_REPLAYED,
    ),
}
ENGINES: Mapping[str, tuple[str, str]] = {
    "with_spark.sql": ("Spark", "sql"),
    "with_duckdb.sql": ("DuckDB", "sql"),
    "with_pandas.py": ("pandas", "python"),
}
OPENED = {"Spark": "with_spark.py", "DuckDB": "with_duckdb.py", "pandas": "with_pandas.py"}


@dataclass(frozen=True)
class Question:
    """What analysts ask: the code of the answer by the name of the engine, Spark first."""

    title: str
    note: str
    answers: Mapping[str, str]


def main() -> None:
    """Write the page into the folder of documents that is named, from its ``queries``."""
    folder = Path(sys.argv[1])
    (folder / PAGE).write_text(page(folder), encoding="utf-8")


def page(folder: Path) -> str:
    """The whole page. ``folder`` holds ``queries``, and in it the text before the tables."""
    intro = (folder / "queries" / "intro.md").read_text(encoding="utf-8")
    for engine, file in OPENED.items():
        code = (folder / "queries" / "open" / file).read_text(encoding="utf-8")
        intro = intro.replace(f"<!-- {engine} -->\n", fenced(code, "python"))
    parts = [intro.rstrip()]
    for group, members in GROUPS.items():
        parts += [f"## {group}", *(described(table) for table in members)]
    parts += ["## Example queries", _ABOUT_QUERIES, *(asked(question) for question in questions(folder / "queries"))]
    return "\n\n".join(parts) + "\n"


_ABOUT_QUERIES = (
    "The files are in `docs/queries`. `tests/spark/test_analyst_queries.py` runs each of them on small tables and\n"
    "compares its answer. SQL runs after `open_lake`, with `spark.sql` or `database.sql`; the code for pandas is a\n"
    "function of the lake's folder. Where an engine is missing, the Spark query shows the way."
)


def described(table: Table) -> str:
    """The part of the page about one table."""
    facts = [("Key", _names(table.keys)), ("Written by", _names(table.writers))]
    if table.cluster_by:
        facts.append(("Clustered by", f"{_names(table.cluster_by)}: conditions on them read few files"))
    lines = [f"### {table.name}", "", f"{table.comment}.", ""]
    lines += [f"- {name}: {text}" for name, text in facts]
    lines += [f"- Always true: `{condition}` ({_words(name)})" for name, condition in table.constraints.items()]
    lines += ["", "| column | type | |", "|---|---|---|"]
    for column in table.fields:
        never_null = "" if column.nullable else "; never null"
        lines.append(f"| `{column.name}` | `{column.type}` | {_cell(column.comment)}{never_null} |")
    return "\n".join(lines)


def questions(folder: Path) -> Iterator[Question]:
    """The questions in the order of their folders' names."""
    for place in sorted(folder.glob("[0-9]*")):
        code = {engine: place / file for file, (engine, _) in ENGINES.items() if (place / file).is_file()}
        lines = code["Spark"].read_text(encoding="utf-8").splitlines(keepends=True)
        title, note = (line.removeprefix("-- ").rstrip() for line in lines[:2])
        answers = {engine: path.read_text(encoding="utf-8") for engine, path in code.items()}
        yield Question(title, note, answers | {"Spark": "".join(lines[2:])})


def asked(question: Question) -> str:
    """The part of the page about one question. An answer that two engines share is shown once."""
    lines = [f"### {question.title}", "", question.note]
    shown: dict[str, list[str]] = {}
    for engine, code in question.answers.items():
        shown.setdefault(code, []).append(engine)
    languages = dict(ENGINES.values())
    for code, engines in shown.items():
        lines += ["", f"{' and '.join(engines)}:", "", fenced(code, languages[engines[0]]).rstrip()]
    return "\n".join(lines)


def fenced(code: str, language: str) -> str:
    """A block of code."""
    return f"```{language}\n{code.rstrip()}\n```\n"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    main()
