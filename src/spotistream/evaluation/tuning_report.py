"""What tuning found, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from spotistream.evaluation.study import Finished, Study, best_of
from spotistream.evaluation.tuned_model import Found
from spotistream.models.search import short


def reached(study: Study) -> str:
    """A few words for a progress bar."""
    trials = study.trials()
    best = best_of(trials)
    pruned = sum(one.pruned for one in trials)
    counted = f"{len(trials) - pruned:,} fitted on all, {pruned:,} pruned"
    return f"{counted}, nothing yet" if best is None else f"{counted}, best NDCG {best.value:.4f}"


def as_table(found: Found, *, k: int) -> str:
    """The best settings beside the defaults, how much each matters, and how good both are."""
    if found.best is None or found.default is None:
        return f"{found.model}: stopped before the defaults were tried; the next call goes on from here"
    best, default = found.best, found.default
    rows = [["setting", "best", "default", "importance"]]
    order = sorted(best.settings, key=lambda name: (-found.importance.get(name, 0.0), name))
    for name in order:
        share = f"{found.importance[name]:.2f}" if name in found.importance else "-"
        rows.append([name, short(best.settings[name]), short(default.settings[name]), share])
    rows.append([f"NDCG@{k}", f"{best.value:.4f}", f"{default.value:.4f}", ""])
    rows.append(["  95 %", _bounds(best.interval), _bounds(default.interval), ""])
    return "\n".join([_counted(found), *_aligned(rows), _gain(best, default)])


def _counted(found: Found) -> str:
    pruned = sum(one.pruned for one in found.trials)
    words = f"{found.model}: {len(found.trials) - pruned:,} settings fitted on all listeners, {pruned:,} pruned before"
    if found.resumed:
        words += f"; the first {found.resumed:,} in earlier calls"
    if found.problems:
        words += f"; {len(found.problems):,} failed, the last with {found.problems[-1]}"
    return words


def _gain(best: Finished, default: Finished) -> str:
    if best.number == default.number:
        return "nothing better than the defaults was found"
    ratio = f"{best.value / default.value:.4f} times" if default.value else "above"
    interval = f"; 95 %: {_bounds(best.gain)}" if best.gain else ""
    return f"best: trial {best.number}, {ratio} the defaults{interval} (on the listeners it was chosen by)"


def _bounds(low_high: tuple[float, float] | None) -> str:
    return "-" if low_high is None else f"{low_high[0]:.4f}-{low_high[1]:.4f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]))
    return lines
