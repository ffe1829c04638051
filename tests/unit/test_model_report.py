"""What a model's report tells, against answers worked out by hand."""

from __future__ import annotations

import json
from math import log2

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.evaluation.model_report import model_report, ndcg_of_listeners
from spotistream.models.cosine import ItemCosine
from spotistream.models.interactions import Interactions
from spotistream.models.popularity import Popularity
from spotistream.models.report import Confusion, Figure, ModelReport

# Eight listeners play a, six b, four c, two d, one e; nobody f.
PAIRS = [(f"u{user}", item) for item, count in zip("abcde", (8, 6, 4, 2, 1), strict=True) for user in range(count)]
DATA = Interactions.of_pairs([user for user, _ in PAIRS], [item for _, item in PAIRS], catalogue=list("abcdef"))
MODEL = Popularity.fit(DATA)
# Lists, what was heard left out: bcdef, acdef, bcdef and, for one without a history, none is asked.
HISTORIES = csr_matrix(
    np.array([[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [0] * 6], dtype=np.float32)
)
HELD_OUT = csr_matrix(
    np.array([[0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 0]], dtype=np.float32)
)


@pytest.fixture(scope="module")
def report() -> ModelReport:
    return model_report(MODEL, HISTORIES, HELD_OUT, DATA, (1, 5), peers={"cosine": ItemCosine.fit(DATA)})


def test_each_metric_has_its_mean_at_each_k(report: ModelReport) -> None:
    ndcg = {k: figure.value for k, figure in report.by_k["ndcg"].items()}
    assert ndcg == pytest.approx({k: {1: 1 / 3}.get(k, (1 + 1 / log2(3) + 1 / log2(6)) / 3) for k in (1, 5, 20)})
    assert {k: figure.value for k, figure in report.by_k["recall"].items()} == pytest.approx({1: 1 / 3, 5: 1, 20: 1})
    assert {k: figure.value for k, figure in report.by_k["coverage"].items()} == pytest.approx({1: 2 / 6, 5: 1, 20: 1})
    assert (report.model, report.listeners, report.tracks, report.k) == ("popularity", 3, 6, 20)


def test_an_interval_encloses_its_mean(report: ModelReport) -> None:
    figure = report.by_k["ndcg"][1]
    assert figure.value is not None and figure.low is not None and figure.high is not None
    assert (figure.low, figure.high) == (0.0, 1.0)
    assert report.by_k["recall"][5] == Figure(1.0, 1.0, 1.0)


def test_slices_of_items_ask_for_those_items_alone(report: ModelReport) -> None:
    found = {one.group: (one.listeners, one.ndcg.value) for one in report.slices["item_popularity"]}
    assert found == {"mid": (1, 1.0), "tail": (2, pytest.approx((1 / log2(3) + 1 / log2(6)) / 2))}
    assert [(one.group, one.recall.value) for one in report.slices["cold_items"]] == [("0", 1.0), ("1-4", 1.0)]
    assert [(one.group, one.listeners) for one in report.slices["history"]] == [("1-4", 3)]


def test_peers_are_measured_on_the_same_listeners(report: ModelReport) -> None:
    alone = model_report(ItemCosine.fit(DATA), HISTORIES, HELD_OUT, DATA, (1, 5))
    assert report.peers == {"cosine": alone.by_k}


def test_flat_metrics_are_named_as_evaluate_names_them(report: ModelReport) -> None:
    assert report.metrics["recall@20"] == 1.0
    assert report.metrics["recall@20_interval"] == [1.0, 1.0]
    assert "coverage@20_interval" not in report.metrics


def test_a_report_survives_its_manifest(report: ModelReport) -> None:
    whole = ModelReport(
        **{**{name: getattr(report, name) for name in ("model", "listeners", "tracks", "k", "by_k", "slices", "peers")},
           "learning_curve": ((0.5, 0.1), (1.0, 0.2)), "confusion": Confusion(("a", "b"), ((3, 1), (0, 2)))}
    )  # fmt: skip
    assert ModelReport.from_json(json.loads(json.dumps(whole.as_json(), allow_nan=False))) == whole


def test_without_a_listener_there_are_no_figures_and_no_error() -> None:
    none = csr_matrix((0, 6), dtype=np.float32)
    empty = model_report(MODEL, none, none, DATA)
    assert empty.listeners == 0
    assert empty.by_k["ndcg"][20] == Figure(None)
    assert empty.slices == {"history": (), "item_popularity": (), "cold_items": ()}
    assert ModelReport.from_json(json.loads(json.dumps(empty.as_json()))) == empty


def test_the_gate_has_one_figure_for_each_listener() -> None:
    ndcg = ndcg_of_listeners(MODEL, HISTORIES, HELD_OUT)
    assert ndcg[:3] == pytest.approx([1.0, 1 / log2(3), 1 / log2(6)])
    assert np.isnan(ndcg[3])
