"""What each kind of fraud is, in one sentence: the first line of the typology's own file."""

import importlib
import pkgutil
from collections.abc import Mapping

from riskfabric_assets import typologies


def sentences() -> Mapping[str, str]:
    """Return one sentence by name of typology."""
    found = {}
    for module in pkgutil.iter_modules(typologies.__path__):
        code = importlib.import_module(f"{typologies.__name__}.{module.name}")
        if hasattr(code, "INJECTOR_VERSION") and code.__doc__:
            found[module.name] = code.__doc__.strip().splitlines()[0]
    return found
