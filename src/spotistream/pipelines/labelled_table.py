"""A table of features with a label in each row, from a file: which columns are features, which rows count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spotistream.errors import InputError

SEPARATORS = ",\t;"
LIKE_AN_ID = re.compile(r"(?i:unnamed: \d+|index|row|ids?|.*[_ .-]ids?)|.*[a-z]I[dD]s?")
"""Names of columns that number the rows: id, track_id, index, and the one without a name that pandas writes."""
SHOWN = 8


@dataclass(frozen=True, eq=False)
class LabelledTable:
    """Rows that can be learned from.

    values : float64 (n, d), NaN where a value is missing; columns : d names
    classes : (n,) numbers into ``labels``, the k labels in order
    groups : (n,) numbers; a row without a group is a group of its own; None where no column was named
    notes : what was left out and why, a line each
    """

    values: NDArray[np.float64]
    columns: tuple[str, ...]
    classes: NDArray[np.int64]
    labels: tuple[str, ...]
    groups: NDArray[np.int64] | None
    notes: tuple[str, ...]


def labelled_table(path: Path, *, label: str, group: str | None, least: int) -> LabelledTable:
    """The rows of a CSV or TSV file with a header that have a label shared by ``least`` rows.

    Raises ``InputError`` where the file cannot be read, a named column is missing, no column is numeric, or fewer than
    two labels are left.
    """
    frame = _read(path)
    for column in filter(None, (label, group)):
        if column not in frame:
            known = _listed(list(frame.columns))
            raise InputError(f"{path}", f"has no column {column!r}", remedy=f"its columns are {known}")
    notes: list[str] = []
    frame = frame[_counted(frame[label], least, notes)].reset_index(drop=True)
    labels = sorted(set(_words(frame[label])))
    if len(labels) < 2:
        raise InputError(
            f"{path}", f"column {label!r} has {len(labels)} label{'s' * (len(labels) != 1)} with {least} rows or more",
            remedy="two are needed to tell apart; name another column with --label, or ask for fewer --folds",
        )  # fmt: skip
    features = _features(frame.drop(columns=[c for c in (label, group) if c]), notes)
    if features.empty:
        raise InputError(f"{path}", "has no numeric column beside the label", remedy="features must be numbers")
    return LabelledTable(
        values=features.to_numpy(dtype=np.float64),
        columns=tuple(map(str, features.columns)),
        classes=np.searchsorted(labels, _words(frame[label])).astype(np.int64),
        labels=tuple(labels),
        groups=_groups(frame[group]) if group else None,
        notes=tuple(notes),
    )


def _read(path: Path) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig") as file:
            header = file.readline()
        separator = max(SEPARATORS, key=header.count)
        return pd.read_csv(path, sep=separator, encoding="utf-8-sig", low_memory=False)
    except FileNotFoundError as exc:
        raise InputError(f"{path}", "there is no such file", remedy="name a CSV or TSV file with --features") from exc
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8 text"
        raise InputError(f"{path}", f"cannot be read ({reason})", remedy="name a CSV or TSV file") from exc
    except ValueError as exc:  # of pandas: no columns, or rows of other lengths
        reason = str(exc).splitlines()[0]
        raise InputError(f"{path}", f"is no table ({reason})", remedy="name a CSV or TSV file with a header") from exc


def _counted(column: pd.Series, least: int, notes: list[str]) -> pd.Series:
    """Which rows have a label that is shared by enough rows."""
    words = column.where(column.notna(), "").astype(str).str.strip()
    sizes = words[words != ""].value_counts()
    rare = sorted(sizes[sizes < least].index)
    if without := int((words == "").sum()):
        notes.append(f"{without:,} rows have no label and are left out")
    if rare:
        notes.append(f"{int(sizes[rare].sum()):,} rows are left out: fewer than {least} have the label {_listed(rare)}")
    return ~words.isin({"", *rare})


def _words(column: pd.Series) -> list[str]:
    return [str(value).strip() for value in column]


def _features(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """The columns that are numbers and no ids; infinite values are missing."""
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    kept: list[str] = []
    left_out: dict[str, list[str]] = {"text": [], "ids": [], "one value only": []}
    for column in frame:
        if (reason := _reason(str(column), frame[column], numbers[column])) is None:
            kept.append(column)
        else:
            left_out[reason].append(str(column))
    notes += [f"columns left out, {reason}: {_listed(names)}" for reason, names in left_out.items() if names]
    return numbers[kept].replace([np.inf, -np.inf], np.nan)


def _reason(name: str, column: pd.Series, numbers: pd.Series) -> str | None:
    """Why a column is no feature: it has a value that is no number, it numbers things, or it never changes."""
    if (numbers.isna() & column.notna()).any():
        return "text"
    known = numbers.dropna()
    if known.nunique() < 2:
        return "one value only"
    if LIKE_AN_ID.fullmatch(name.strip()) and (known % 1 == 0).all():
        return "ids"
    return None


def _groups(column: pd.Series) -> NDArray[np.int64]:
    numbers = pd.factorize(column)[0].astype(np.int64)
    alone = numbers < 0
    numbers[alone] = numbers.max() + 1 + np.arange(alone.sum())
    return numbers


def _listed(names: list[str]) -> str:
    return ", ".join(_some(names))


def _some(names: list[str]) -> Iterator[str]:
    yield from map(str, names[:SHOWN])
    if len(names) > SHOWN:
        yield f"and {len(names) - SHOWN:,} more"
