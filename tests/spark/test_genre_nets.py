"""MLlib's perceptron and the committee of several, on tables whose answer is obvious."""

from __future__ import annotations

import numpy as np
import pytest
from pyspark.ml.classification import MultilayerPerceptronClassifier
from pyspark.sql import SparkSession

from spotistream.models.feature_views import View
from spotistream.models.genre_settings import cross_fitted, mixed, nets_of, selected
from spotistream.models.genres import GenreClassifier, Member, Settings, fitted_classifier, grown
from spotistream.models.perceptron import Net, initial_weights, trained_net, training_frame

ROWS = np.random.default_rng(0).normal(size=(200, 4))
RINGS = (np.linalg.norm(ROWS[:, :2], axis=1) > 1.1).astype(np.int64)
"""Inside or outside of a circle: no straight line tells."""
SMALL = Settings(
    (
        Member(View("standard"), 8, 40, 0.5),
        Member(View("rank"), 8, 40, 0.25),
        Member(View("rank", 0.5, 50), 8, 20, 0.25),
    ),
    tilt=0.1,
)


def test_the_forward_pass_is_that_of_mllib(spark: SparkSession) -> None:
    frame = training_frame(spark, ROWS, RINGS)
    layers = (4, 5, 3, 2)
    model = MultilayerPerceptronClassifier(layers=list(layers), maxIter=5, seed=1).fit(frame)
    theirs = np.array([row["probability"].toArray() for row in model.transform(frame).collect()])
    ours = Net(layers, np.array(model.weights.toArray())).probabilities(ROWS)
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert sorted(map(str, frame.columns)) == ["features", "label"]
    frame.unpersist()


def test_a_net_goes_on_from_where_it_started(spark: SparkSession) -> None:
    frame = training_frame(spark, ROWS, RINGS)
    start = initial_weights((4, 6, 2), seed=3)
    assert len(start) == 4 * 6 + 6 + 6 * 2 + 2
    once = trained_net(frame, layers=(4, 6, 2), iterations=1, start=start)
    again = trained_net(frame, layers=(4, 6, 2), iterations=1, start=start)
    assert once.weights.tolist() == again.weights.tolist() != start.tolist()
    frame.unpersist()


def test_a_growing_net_learns_the_circle(spark: SparkSession) -> None:
    member = Member(View("standard"), 8, 40)
    view, nets = grown(spark, ROWS, RINGS, 2, member, checkpoints=(1, 40), seed=0)
    first, last = (float((net.probabilities(view.seen(ROWS)).argmax(axis=1) == RINGS).mean()) for net in nets)
    assert first < 0.9 < last


def test_the_committee_tells_new_rows_and_comes_back_from_its_arrays(spark: SparkSession) -> None:
    classifier = fitted_classifier(spark, ROWS, RINGS, ("in", "out"), SMALL, seed=0)
    new = np.random.default_rng(9).normal(size=(300, 4))
    clear = np.abs(np.linalg.norm(new[:, :2], axis=1) - 1.1) > 0.3
    found = classifier.probabilities(new)
    assert found.sum(axis=1) == pytest.approx(np.ones(300))
    truth = np.linalg.norm(new[:, :2], axis=1) > 1.1
    assert (found.argmax(axis=1) == truth)[clear].mean() > 0.9
    restored = GenreClassifier.from_arrays(classifier.arrays())
    assert restored.genres == ("in", "out")
    assert restored.probabilities(new).tolist() == found.tolist()
    holes = np.where(np.arange(4) == 3, np.nan, new)
    assert np.isfinite(classifier.probabilities(holes)).all(), "a missing value is filled"


def test_every_tested_row_is_answered_by_nets_that_were_not_shown_it(spark: SparkSession) -> None:
    """The label of the tested rows is turned round in training: whoever had seen them would be wrong there."""
    test = np.arange(0, 200, 4)
    train = np.setdiff1d(np.arange(200), test)
    turned = RINGS.copy()
    turned[test] = 1 - turned[test]
    trials = cross_fitted(spark, ROWS, turned, [(train, test)], k=2, seed=0)
    assert len(trials) == nets_of(200)
    settings = selected(trials, turned, test, seed=0)
    shares = np.bincount(turned[train]) / len(train)
    right = mixed(trials, settings, test, shares).argmax(axis=1) == RINGS[test]
    assert right.mean() > 0.8
