"""Statistics over time equal numpy's and scipy's."""

from __future__ import annotations

import numpy as np
import scipy.stats

from spotistream.audio.statistics import STATISTICS, Series

NOISE = np.random.default_rng(1).gamma(2.0, 3.0, (5, 1_291))


def statistic(name: str, rows: list[list[float]]) -> list[float]:
    return STATISTICS[name](Series(np.array(rows))).tolist()


def test_known_answers() -> None:
    rows = [[1.0, 2.0, 3.0, 10.0]]
    assert statistic("mean", rows) == [4.0]
    assert statistic("median", rows) == [2.5]
    assert statistic("min", rows) == [1.0]
    assert statistic("max", rows) == [10.0]
    assert statistic("std", rows) == [12.5**0.5]  # (9 + 4 + 1 + 36) / 4
    np.testing.assert_allclose(statistic("skew", rows), [45 / 12.5**1.5])  # (-27 - 8 - 1 + 216) / 4
    np.testing.assert_allclose(statistic("kurtosis", rows), [348.5 / 12.5**2 - 3])  # (81 + 16 + 1 + 1296) / 4


def test_equal_to_scipy() -> None:
    series = Series(NOISE)
    np.testing.assert_allclose(STATISTICS["skew"](series), scipy.stats.skew(NOISE, axis=1), rtol=1e-12)
    np.testing.assert_allclose(STATISTICS["kurtosis"](series), scipy.stats.kurtosis(NOISE, axis=1), rtol=1e-12)
    np.testing.assert_allclose(STATISTICS["median"](series), np.median(NOISE, axis=1), rtol=0)


def test_what_never_changes_has_no_skew_and_the_least_kurtosis() -> None:
    rows = [[0.0, 0.0, 0.0], [0.1, 0.1, 0.1]]
    assert statistic("skew", rows) == [0.0, 0.0]
    assert statistic("kurtosis", rows) == [-3.0, -3.0]
    np.testing.assert_allclose(statistic("std", rows), [0.0, 0.0], atol=1e-16)


def test_one_moment_is_enough() -> None:
    assert [STATISTICS[name](Series(np.array([[7.0]])))[0] for name in STATISTICS] == [-3.0, 7, 7, 7, 7, 0.0, 0.0]
