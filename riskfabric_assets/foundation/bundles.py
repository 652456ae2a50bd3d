"""Named tuples of arrays that compiled code passes along as one pointer.

The compiler passes a named tuple by value, seven machine words per array, and unfolds it anew in every function that
it is handed to: a kernel of eighty arrays spends its compile time there. A `bundle` is laid out in memory once, where
Python calls the kernel; functions take its address and load the few words that they use. To Python it stays the named
tuple that it is. Bundles are read only and live as long as the call: kernels neither make nor return them.
"""

import hashlib
from typing import Any, TypeVar

from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, typeof_impl, unbox

T = TypeVar("T", bound=type)
Part = Any  # Any: types, builders and values of the compiler, which publishes none


class BundleType(types.Type):
    """The type of a bundle: that of the named tuple behind the pointer."""

    def __init__(self, content: types.NamedTuple) -> None:
        self.content = content
        digest = hashlib.sha256(content.name.encode()).hexdigest()[:12]
        super().__init__(f"Bundle({content.instance_class.__name__}, {digest})")  # names of functions contain it


@register_model(BundleType)
class _BundleModel(models.PrimitiveModel):
    def __init__(self, manager: Part, kind: BundleType) -> None:
        content = manager[kind.content].get_value_type()
        super().__init__(manager, kind, content.as_pointer())


@infer_getattr
class _BundleAttributes(AttributeTemplate):
    key = BundleType

    def generic_resolve(self, bundle: BundleType, name: str) -> Part:  # type: ignore[override]  # the compiler says nothing
        """Return the type of a field."""
        fields = bundle.content.fields
        return bundle.content.types[fields.index(name)] if name in fields else None


@lower_getattr_generic(BundleType)
def _load_field(context: Part, builder: Part, bundle: BundleType, pointer: Part, name: str) -> Part:
    place = bundle.content.fields.index(name)
    value = builder.load(cgutils.gep_inbounds(builder, pointer, 0, place))
    return impl_ret_borrowed(context, builder, bundle.content.types[place], value)


@unbox(BundleType)
def _lay_out(bundle: BundleType, value: Part, wrapper: Part) -> NativeValue:
    content = wrapper.unbox(bundle.content, value)
    pointer = cgutils.alloca_once(wrapper.builder, content.value.type)
    wrapper.builder.store(content.value, pointer)
    return NativeValue(pointer, is_error=content.is_error, cleanup=content.cleanup)


def bundle(tuple_class: T) -> T:
    """Pass this named tuple class to kernels by its address; its fields are arrays, numbers and tuples of them."""

    def type_of(value: Part, context: Part) -> BundleType:
        kinds = [typeof_impl(field, context) for field in value]
        return BundleType(types.NamedTuple(kinds, tuple_class))

    typeof_impl.register(tuple_class)(type_of)
    return tuple_class
