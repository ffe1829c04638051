"""Figures of a model as rows of a table."""

from __future__ import annotations

from spotistream.evaluation.measures import Measure, measures


def test_every_metric_has_a_row_with_its_interval_and_every_slice_its_own() -> None:
    figures = {
        "ndcg@5": 0.25,
        "ndcg@5_interval": [0.2, 0.3],
        "coverage@5": 0.5,
        "rmse": 1.5,
        "rmse_unit": "weight",
        "diversity@5": None,
        "diversity@5_interval": None,
        "ndcg@5_over_best_peer": 1.1,
        "ndcg@5_over_best_peer_interval": [1.0, 1.2],
        "fit_seconds": 0.5,
        "peer": False,
        "users": 7,
        "slices": {"history": {"5-9": {"users": 3, "ndcg@5": 0.75}}},
    }
    assert list(measures(figures)) == [
        Measure("ndcg", 5, "all", 0.25, 0.2, 0.3, 7),
        Measure("coverage", 5, "all", 0.5, None, None, 7),
        Measure("rmse", None, "all", 1.5, None, None, 7),
        Measure("ndcg", 5, "history 5-9", 0.75, None, None, 3),
    ]
