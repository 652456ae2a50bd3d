"""How compiled functions are built: kernels in full, the functions inside them only as parts.

Left alone, the compiler turns each small function into optimised machine code with two wrappers for callers outside,
once per combination of constant arguments, and then inlines and optimises it again in each of its callers. Here a part
stays as it was lowered until the kernel around it is optimised, once, as a whole; nothing else runs it. Constants count
as the numbers that they are. A part that Python calls after all, as tests do, gets a kernel of its own around it.
"""

from collections.abc import Callable
from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher

Part = Any  # Any: types, signatures and results of the compiler, which publishes none
Options = dict[str, Any]  # Any: options of the compiler


class PartLibrary(JITCodeLibrary):
    """Code that is linked into the code of its callers, and neither optimised nor turned into machine code."""

    def finalize(self) -> None:
        """Link the parts that this one calls, and leave the rest to the callers."""
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._final_module.verify()
        self._finalized = True


class PartCompiler(Compiler):
    """Compiles a function as a part: without wrappers, into a library of its own kind."""

    def compile_extra(self, function: Callable[..., object]) -> Part:
        """Return the result of a compilation, registered for callers under a name of its own."""
        state = self.state
        state.flags.no_compile = state.flags.no_cpython_wrapper = state.flags.no_cfunc_wrapper = True
        state.library = PartLibrary(state.targetctx.codegen(), function.__qualname__)
        result = super().compile_extra(function)
        result = result._replace(entry_point=object())
        state.targetctx.insert_user_function(result.entry_point, result.fndesc, [result.library])
        return result


class Kernel(CPUDispatcher):
    """A function that Python calls and that is kept in the cache."""

    def get_call_template(self, args: Part, kws: Part) -> Part:
        """Return how other compiled code calls this function: by the types of numbers, never by their values."""
        return super().get_call_template([types.unliteral(kind) for kind in args], kws)


class PartKernel(Kernel):
    """A function that becomes part of the kernels that call it."""

    def __init__(self, py_func: Callable[..., object], targetoptions: Options) -> None:
        super().__init__(py_func, targetoptions=targetoptions, pipeline_class=PartCompiler)
        self._around: Kernel | None = None

    def add_overload(self, result: Part) -> None:
        """Keep the result for callers in compiled code alone."""
        self.overloads[tuple(result.signature.args)] = result

    def __call__(self, *given: object) -> object:
        """Run the function, from Python."""
        if self._around is None:
            inner = self

            def around(*given):  # type: ignore[no-untyped-def]  # compiled, not run
                return inner(*given)

            self._around = Kernel(around, targetoptions=self.targetoptions | {"forceinline": False})
        return self._around(*given)
