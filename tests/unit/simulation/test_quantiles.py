"""Normal deviates from a table."""

import statistics

import numpy as np

from riskfabric_assets.simulation.quantiles import STEPS, normal_of, normal_table

TABLE = normal_table()


def deviates(uniforms: np.ndarray) -> np.ndarray:
    return np.array([normal_of(uniform, TABLE.body, TABLE.tail) for uniform in uniforms])


def test_quantiles_equal_those_of_the_standard_library():
    uniforms = np.concatenate([np.linspace(0.0005, 0.9995, 1001), [1e-5, 1e-6, 1 - 1e-5, 1 - 1e-6]])
    exact = [statistics.NormalDist().inv_cdf(uniform) for uniform in uniforms]
    assert np.abs(deviates(uniforms) - exact).max() < 0.005


def test_mean_is_zero_and_variance_one():
    values = deviates((np.arange(200_000) + 0.5) / 200_000)
    assert abs(values.mean()) < 1e-9
    assert abs(values.var() - 1) < 2e-4


def test_the_ends_are_finite_and_monotone():
    uniforms = [0.0, 0.1 / STEPS**2, 0.5 / STEPS, 1.5 / STEPS, 1 - 0.5 / STEPS, 1 - 2**-53]
    values = deviates(np.array(uniforms))
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()
    assert values[-1] > 5
