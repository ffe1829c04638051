"""docs/tables.md says what tables.py declares. No JVM."""

from __future__ import annotations

from pathlib import Path

from spotistream.layouts import Column, Table
from spotistream.tables import DELTA_TABLES
from spotistream.tables_page import GROUPS, PAGE, Question, asked, described, page, questions

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_up_to_date() -> None:
    written = (DOCS / PAGE).read_text(encoding="utf-8")
    assert written == page(DOCS), "write it anew: .venv/bin/python -m spotistream.tables_page docs"


def test_every_table_is_in_one_group() -> None:
    grouped = [table.name for members in GROUPS.values() for table in members]
    assert sorted(grouped) == sorted(table.name for table in DELTA_TABLES)


def test_a_table_is_described_with_all_that_is_declared() -> None:
    table = Table(
        "listens", "What was heard", writers=("ingest", "import"), keys=("user_id", "track_id"),
        fields=(Column("user_id", "STRING", "The listener", nullable=False), Column("ms", "BIGINT", "Time | ms")),
        constraints={"ms_is_positive": "ms > 0"}, cluster_by=("user_id",),
    )  # fmt: skip
    assert described(table) == (
        "### listens\n\nWhat was heard.\n\n"
        "- Key: `user_id`, `track_id`\n- Written by: `ingest`, `import`\n"
        "- Clustered by: `user_id`: conditions on them read few files\n"
        "- Always true: `ms > 0` (ms is positive)\n\n"
        "| column | type | |\n|---|---|---|\n"
        "| `user_id` | `STRING` | The listener; never null |\n"
        "| `ms` | `BIGINT` | Time \\| ms |"
    )


def test_an_answer_two_engines_share_is_shown_once() -> None:
    question = Question("How many", "All of them.", {"Spark": "SELECT 1\n", "DuckDB": "SELECT 1\n", "pandas": "1\n"})
    assert asked(question) == (
        "### How many\n\nAll of them.\n\nSpark and DuckDB:\n\n```sql\nSELECT 1\n```\n\npandas:\n\n```python\n1\n```"
    )


def test_there_are_questions_for_every_engine() -> None:
    engines = [set(question.answers) for question in questions(DOCS / "queries")]
    assert len(engines) == sum("Spark" in known for known in engines) == 12
    assert sum("DuckDB" in known for known in engines) >= 6
    assert sum("pandas" in known for known in engines) >= 4
