import numpy as np
import pytest

from riskfabric_assets.learning.calibration import Calibration, fit_calibration, sigmoid


def test_it_finds_the_log_odds_that_made_the_labels() -> None:
    random = np.random.default_rng(1)
    margins = random.normal(0, 2, 40_000)
    labels = random.random(40_000) < sigmoid(0.7 * margins - 3.0)
    found = fit_calibration(margins, labels)
    # Standard errors from the Fisher information of 40,000 draws are below 0.03.
    assert found.slope == pytest.approx(0.7, abs=0.1)
    assert found.intercept == pytest.approx(-3.0, abs=0.12)


def test_the_mean_probability_is_the_share_of_labels() -> None:
    random = np.random.default_rng(2)
    margins = random.normal(0, 1, 5000)
    labels = random.random(5000) < 0.02
    assert fit_calibration(margins, labels).probabilities(margins).mean() == pytest.approx(labels.mean(), rel=0.05)


def test_it_never_turns_the_order_of_scores_round() -> None:
    margins = np.linspace(-3, 3, 1000)
    found = fit_calibration(margins, margins < -2)
    assert (np.diff(found.probabilities(margins)) > 0).all()


@pytest.mark.parametrize("labels", [np.zeros(50, bool), np.ones(50, bool)])
def test_one_class_gives_its_prior(labels: np.ndarray) -> None:
    chances = fit_calibration(np.linspace(-1, 1, 50), labels).probabilities(np.zeros(1))
    assert chances[0] == pytest.approx(51 / 52 if labels[0] else 1 / 52)


def test_extreme_margins_stay_probabilities() -> None:
    assert Calibration(1.0, 0.0).probabilities(np.array([-1e6, 1e6])).tolist() == [0.0, 1.0]
