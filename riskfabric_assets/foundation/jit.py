"""The one place where the untyped jit decorator is wrapped.

`kernel` compiles a function for plain arrays and scalars; it holds no lock, keeps IEEE semantics and never
reorders floating point, so that one and two threads give the same bytes. Nothing is compiled or cached at
import: `use_cache` names the folder once, before the first call, and `compiled_sources_hash` names the
version of that folder after the text of every module that holds a kernel.
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast

from numba.core import config

from riskfabric_assets.foundation.dispatch import Kernel, PartKernel

P = ParamSpec("P")
R = TypeVar("R")


class _Cached(Protocol):
    py_func: Callable[..., object]

    def enable_caching(self) -> None: ...


_FROM_ENVIRONMENT: Final = str(vars(config)["CACHE_DIR"])
_kernels: list[_Cached] = []
_cache_is_on = False


_STRICT: Final[dict[str, Any]] = {  # Any: options are of many types
    "nopython": True,
    "nogil": True,
    "fastmath": False,
    "error_model": "numpy",
    "boundscheck": None,
    "no_cfunc_wrapper": True,
}
_PART: Final = _STRICT | {"forceinline": True}
_LEAN: Final = {"_nrt": False}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` on first call; nogil, strict floating point, division as numpy does it."""
    return _keep(function, Kernel(function, targetoptions=_STRICT))


def inline_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a small function as a part of the kernels that call it."""
    return _keep(function, PartKernel(function, _PART))


def lean_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile without reference counting: takes arrays for free, but may not allocate one.

    Counting costs two atomic additions per array and call, several times what a short kernel computes.
    """
    return _keep(function, Kernel(function, targetoptions=_STRICT | _LEAN))


def inline_lean_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a small function without reference counting as a part of the kernels that call it."""
    return _keep(function, PartKernel(function, _PART | _LEAN))


def _keep(_: Callable[P, R], compiled: _Cached) -> Callable[P, R]:
    _kernels.append(compiled)
    if _cache_is_on and not isinstance(compiled, PartKernel):
        compiled.enable_caching()
    return cast(Callable[P, R], compiled)


def compiled_sources_hash() -> str:
    """Hash the text of every imported module that holds a kernel; 12 hexadecimal digits."""
    modules = sorted({compiled.py_func.__module__ for compiled in _kernels})
    digest = hashlib.sha256()
    for name in modules:
        source = sys.modules[name].__file__
        if source is None:
            raise RuntimeError(f"kernel module {name} has no source file")
        digest.update(Path(source).read_bytes())
    return digest.hexdigest()[:12]


def use_cache(folder: Path) -> Path:
    """Keep compiled kernels below `folder`, in a subfolder named after the hash of their sources.

    Call after the rooms are imported and before the first kernel runs. A folder that NUMBA_CACHE_DIR names wins.
    Returns the subfolder.
    """
    global _cache_is_on  # noqa: PLW0603  # one switch per process, as the compiler has it
    target = (Path(_FROM_ENVIRONMENT) if _FROM_ENVIRONMENT else folder) / compiled_sources_hash()
    target.mkdir(parents=True, exist_ok=True)
    vars(config)["CACHE_DIR"] = str(target)
    _cache_is_on = True
    for compiled in _kernels:
        if not isinstance(compiled, PartKernel):
            compiled.enable_caching()
    return target
