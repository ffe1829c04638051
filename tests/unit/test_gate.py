"""When a new model may replace the one in use."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spotistream.models.gate import LEAST_LISTENERS, Measured, Verdict, not_worse

CURRENT = Measured("v1", np.tile([0.2, 0.4], 50))


def against_current(*difference: float, tolerance: float = 0.0) -> Verdict:
    """A new model whose NDCG differs by these values, over and over, from that of the current one."""
    shifted = CURRENT.ndcg + np.resize(difference, len(CURRENT.ndcg))
    return not_worse(Measured("v2", shifted), CURRENT, tolerance=tolerance)


def test_the_same_figures_are_accepted() -> None:
    verdict = against_current(0.0)
    assert (verdict.accepted, verdict.new, verdict.current) == (True, pytest.approx(0.3), pytest.approx(0.3))
    assert (verdict.difference, verdict.low, verdict.high, verdict.listeners) == (0.0, 0.0, 0.0, 100)


def test_a_loss_of_every_listener_is_refused_with_its_figures() -> None:
    verdict = against_current(-0.1)
    assert not verdict.accepted
    assert verdict.reason == (
        "worse than v1: NDCG@20 0.2000 against 0.3000 on 100 held-out listeners, difference -0.1000 "
        "(-0.1000 to -0.1000), tolerated -0.0000"
    )


@pytest.mark.parametrize(("tolerance", "accepted"), [(0.32, False), (0.34, True)])
def test_the_tolerance_is_a_share_of_the_current_figure(tolerance: float, accepted: bool) -> None:
    assert against_current(-0.1, tolerance=tolerance).accepted is accepted


def test_a_loss_that_may_be_chance_is_accepted() -> None:
    verdict = against_current(-0.2, 0.18)
    assert verdict.accepted
    assert verdict.difference == pytest.approx(-0.01)
    assert verdict.low is not None and verdict.high is not None
    assert verdict.low < -0.01 < 0 < verdict.high


def test_listeners_are_compared_in_pairs() -> None:
    """Listeners differ from each other by 0.9, the models by 0.01 for each of them: only pairs show it."""
    wide = np.tile([0.05, 0.95], 50)
    assert not not_worse(Measured("v2", wide - 0.01), Measured("v1", wide), tolerance=0.0).accepted


def test_with_too_few_listeners_nothing_is_judged_and_that_is_said() -> None:
    few = LEAST_LISTENERS - 1
    verdict = not_worse(Measured("v2", np.zeros(few)), Measured("v1", np.ones(few)), tolerance=0.0)
    assert verdict == Verdict(True, "not judged: 19 held-out listeners are fewer than 20", 19)
    assert not not_worse(Measured("v2", np.zeros(20)), Measured("v1", np.ones(20)), tolerance=0.0).accepted


def test_a_listener_of_whom_nothing_is_held_out_does_not_count() -> None:
    new, current = np.zeros(25), np.ones(25)
    new[:3], current[2:6] = np.nan, np.nan
    assert not_worse(Measured("v2", new), Measured("v1", current), tolerance=0.0).listeners == 19


def test_other_listeners_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match=r"^30 listeners of the new model and 100 of the current one"):
        not_worse(Measured("v2", np.zeros(30)), CURRENT, tolerance=0.0)


def test_a_refused_model_can_be_forced_and_says_so() -> None:
    verdict = against_current(-0.1)
    assert verdict.forced().accepted
    assert verdict.forced().reason == f"forced, though {verdict.reason}"
    assert against_current(0.0).forced() == against_current(0.0)


def test_the_same_figures_get_the_same_verdict_which_is_json() -> None:
    first, second = against_current(-0.2, 0.18), against_current(-0.2, 0.18)
    assert first == second
    assert Verdict(**json.loads(json.dumps(first.as_json()))) == first
