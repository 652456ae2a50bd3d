"""What all tests share: the kernels compiled by `make setup`, and a world of settings in a temporary folder."""

import importlib
import pathlib
import pkgutil

import riskfabric_assets
from riskfabric_assets.foundation import jit
from riskfabric_assets.packs.settings import resolve

ROOT = pathlib.Path(__file__).parents[1]


def pytest_configure() -> None:
    """Import every room and use the kernels that `make setup` has compiled, so that no test waits for the compiler."""
    for module in pkgutil.walk_packages(riskfabric_assets.__path__, "riskfabric_assets."):
        if not module.name.startswith(("riskfabric_assets.definitions", "riskfabric_assets.assets")):
            importlib.import_module(module.name)
    jit.use_cache(resolve({}, ROOT).home / "cache" / "numba")
