"""A table as a net sees it, on a few rows."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.models.feature_views import FARTHEST, View, fitted_view

ROWS = np.array([[1.0, 10.0], [2.0, 10.0], [3.0, np.nan], [np.inf, 10.0], [6.0, 10.0]])


def test_missing_values_are_the_median_and_columns_are_standardised() -> None:
    seen = fitted_view(View("standard"), ROWS, seed=0).seen(ROWS)
    column = np.array([1, 2, 3, 2.5, 6])
    assert seen[:, 0] == pytest.approx((column - column.mean()) / column.std())
    assert seen[:, 1].tolist() == [0, 0, 0, 0, 0], "a constant says nothing"


def test_what_is_fitted_does_not_change_with_the_rows_it_is_shown() -> None:
    view = fitted_view(View("standard"), ROWS, seed=0)
    assert view.seen(ROWS[:1]).tolist() == view.seen(ROWS)[:1].tolist()
    assert view.seen(np.array([[1e9, 10.0]]))[0, 0] == FARTHEST


def test_ranks_do_not_depend_on_the_scale() -> None:
    values = np.random.default_rng(0).lognormal(size=(500, 1))
    seen = fitted_view(View("rank"), values, seed=0).seen(values)
    stretched = fitted_view(View("rank"), np.exp(values), seed=0).seen(np.exp(values))
    middle = np.abs(seen) < 2
    assert seen[middle] == pytest.approx(stretched[middle], abs=0.05)
    assert seen.mean() == pytest.approx(0, abs=0.02)
    assert seen.std() == pytest.approx(1, abs=0.05)
    assert np.corrcoef(np.argsort(np.argsort(values[:, 0])), seen[:, 0])[0, 1] > 0.95


def test_dot_products_of_what_a_kernel_view_shows_are_the_kernel() -> None:
    values = np.random.default_rng(1).normal(size=(20, 3))
    plain = fitted_view(View("standard"), values, seed=0).seen(values)
    seen = fitted_view(View("standard", 0.5, 20), values, seed=0).seen(values)
    squared = ((plain[:, None] - plain[None]) ** 2).sum(axis=2)
    assert seen @ seen.T / 20 == pytest.approx(np.exp(-0.5 / 3 * squared), abs=1e-6)


def test_a_column_without_any_value_is_zero() -> None:
    values = np.array([[1.0, np.nan], [2.0, np.nan]])
    assert fitted_view(View("rank"), values, seed=0).seen(values)[:, 1].tolist() == [0, 0]
