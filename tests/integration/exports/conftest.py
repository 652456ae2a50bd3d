"""A literal home, once for all tests of exports."""

import pytest

from riskfabric_assets.packs.settings import Settings
from tests.exported_home import make_home


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> Settings:
    return make_home(tmp_path_factory.mktemp("exports"))
