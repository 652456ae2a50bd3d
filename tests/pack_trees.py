"""Key trees of world packs: what the models ask for against what a file holds.

A table keyed by a closed list (channels, days) must have every key; a table keyed by free text or by age (regions,
banks, providers) may have any, and each entry the same shape.
"""

import typing

from pydantic import BaseModel

from riskfabric_assets.packs.documents import is_quantity

MISSING, UNKNOWN = "is missing", "is unknown"


def bare(annotation):
    """Return an annotation without its checks, and without None where that is one of two choices."""
    if typing.get_origin(annotation) is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    choices = [choice for choice in typing.get_args(annotation) if choice is not type(None)]
    return bare(choices[0]) if type(None) in typing.get_args(annotation) and len(choices) == 1 else annotation


def closed_keys(annotation):
    """Return the keys of a table with a closed list of them, else None."""
    key = bare(typing.get_args(annotation)[0])
    return set(typing.get_args(key)) if typing.get_origin(key) is typing.Literal else None


def is_table(annotation):
    """Tell whether an annotation is a mapping."""
    return typing.get_origin(annotation) is dict


def differences(content, annotation, path=""):
    """Yield (key path, what is wrong) where a file's keys are not those of its model, defaults included."""
    annotation = bare(annotation)
    if isinstance(content, dict) and is_quantity(content):
        content = content["value"]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {name: field.annotation for name, field in annotation.model_fields.items()}
        yield from _mapping_differences(content, fields, path)
    elif is_table(annotation) and isinstance(content, dict):
        keys = closed_keys(annotation)
        inner = typing.get_args(annotation)[1]
        yield from _mapping_differences(content, dict.fromkeys(content if keys is None else keys, inner), path)
    elif typing.get_origin(annotation) in (list, tuple) and isinstance(content, list):
        for entry in content:
            yield from differences(entry, typing.get_args(annotation)[0], f"{path}[]")


def _mapping_differences(content, wanted, path):
    found = content if isinstance(content, dict) else {}
    for key in sorted(map(str, set(wanted) - set(found))):
        yield f"{path}.{key}".lstrip("."), MISSING
    for key in sorted(map(str, set(found) - set(wanted))):
        yield f"{path}.{key}".lstrip("."), UNKNOWN
    for key in found:
        if key in wanted:
            yield from differences(found[key], wanted[key], f"{path}.{key}".lstrip("."))
