"""Ask the processor for memory before it is needed: a hint that changes no value.

A kernel that jumps from record to record waits for memory most of the time. Asked a few rows ahead, the lines of a
record are there when its turn comes.
"""

from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

LINE_BYTES: Final = 64
"""Bytes that arrive at once, on every processor this runs on."""
Compiler = Any  # Any: contexts, builders, values and types of the compiler, which publishes none
_WRITE, _KEEP, _DATA = 1, 3, 1


def _prefetch_line(typing_context: Compiler, records: Compiler, position: Compiler, offset: Compiler) -> Compiler:
    """Return signature and code of `prefetch_line`."""

    def codegen(context: Compiler, builder: Compiler, signature: Compiler, arguments: Compiler) -> Compiler:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        byte, word = ir.IntType(8), ir.IntType(32)
        start = builder.ptrtoint(array.data, ir.IntType(64))
        row = builder.mul(arguments[1], ir.Constant(ir.IntType(64), kind.dtype.size))
        address = builder.add(builder.add(start, row), arguments[2])
        pointer = builder.inttoptr(address, byte.as_pointer())
        shape = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), word, word, word])
        declared: Compiler = cgutils.get_or_insert_function
        function = declared(builder.module, shape, "llvm.prefetch.p0i8")
        builder.call(function, [pointer, *(ir.Constant(word, value) for value in (_WRITE, _KEEP, _DATA))])
        return context.get_dummy_value()

    return types.void(records, types.int64, types.int64), codegen


prefetch_line: Final = cast(
    Callable[[npt.NDArray[np.void], int | np.int64, int | np.int64], None], intrinsic(_prefetch_line)
)
"""Ask for the line at `offset` bytes of `records[position]`; what lies outside of the array is no error."""
