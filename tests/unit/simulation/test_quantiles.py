"""Normal deviates from a table."""

import statistics

import numpy as np

from riskfabric_assets.simulation.quantiles import STEPS, normal_of, normal_table

TABLE = normal_table()


def deviates(uniforms: np.ndarray) -> np.ndarray:
    return np.array([normal_of(uniform, TABLE.body, TABLE.tail) for uniform in uniforms])


def test_quantiles_equal_those_of_the_standard_library():
    inside, outside = np.linspace(0.0063, 0.9937, 2001), np.array([1e-6, 1e-5, 1e-4, 0.0015, 0.9985, 1 - 1e-5])
    for uniforms, tolerance in ((inside, 0.001), (outside, 0.04)):
        exact = [statistics.NormalDist().inv_cdf(uniform) for uniform in uniforms]
        assert np.abs(deviates(uniforms) - exact).max() < tolerance


def test_mean_is_zero_and_variance_one():
    values = deviates((np.arange(200_000) + 0.5) / 200_000)
    assert abs(values.mean()) < 1e-9
    assert abs(values.var() - 1) < 5e-4


def test_the_ends_are_finite_and_monotone():
    uniforms = [0.0, 0.1 / STEPS**2, 0.5 / STEPS, 1.5 / STEPS, 1 - 0.5 / STEPS, 1 - 2**-53]
    values = deviates(np.array(uniforms))
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()
    assert values[-1] > 4.8
