"""Small files are replaced in one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from spotistream.files import replace_text


def test_text_is_replaced_and_no_draft_is_left(tmp_path: Path) -> None:
    file = tmp_path / "made" / "state.json"
    for text in ("old", "new é"):
        replace_text(file, text)
    assert file.read_text(encoding="utf-8") == "new é"
    assert [path.name for path in file.parent.iterdir()] == ["state.json"]


def test_what_cannot_be_written_leaves_the_old_text(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    replace_text(file, "old")
    with pytest.raises(UnicodeEncodeError):
        replace_text(file, "\ud800")
    assert file.read_text(encoding="utf-8") == "old"
