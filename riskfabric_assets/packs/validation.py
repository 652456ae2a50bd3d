"""From a raw document to a frozen model, with every problem of the file in one error."""

import typing
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.packs.documents import Document

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model], context: object = None) -> Model:
    """Return the document as a frozen model; `context` is what its checks know of other files.

    Raises:
        ConfigError: One problem for each wrong, missing or unknown key, with origin, found, expected and fix.
    """
    try:
        return model.model_validate(document.content, context=context)
    except ValidationError as error:
        raise ConfigError(problems_of(document, model, error)) from error


def problems_of(document: Document, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Translate validation errors into problems that name file, key path, found, expected and fix."""
    return [_problem(document, model, details) for details in error.errors()]


def _problem(document: Document, model: type[BaseModel], details: ErrorDetails) -> Problem:
    path = ".".join(str(part) for part in details["loc"] if part != "[key]")
    place = f"{document.origin_of(path)}: {path}" if path else document.place
    kind = details["type"]
    if kind == "extra_forbidden":
        return Problem(
            place,
            "an unknown key",
            "a known key",
            nearest(str(details["loc"][-1]), _siblings(model, details["loc"][:-1])),
        )
    if kind == "missing":
        return Problem(place, "nothing", "this key", f"add `{details['loc'][-1]}` to {document.place}")
    if "|" in details["msg"]:
        found, expected, fix = details["msg"].removeprefix("Value error, ").split("|", 2)
        return Problem(place, found, expected, fix)
    return Problem(
        place, repr(details["input"])[:80], details["msg"].lower(), f"correct the value in {document.origin_of(path)}"
    )


def _siblings(model: type[BaseModel], parents: tuple[int | str, ...]) -> list[str]:
    current: type[BaseModel] | None = model
    entries: type[BaseModel] | None = None
    for part in parents:
        if entries is not None:
            current, entries = entries, None
            continue
        field = current.model_fields.get(str(part)) if current else None
        current, entries = _models_behind(field.annotation if field else None)
    return list(current.model_fields) if current else []


def _models_behind(annotation: object) -> tuple[type[BaseModel] | None, type[BaseModel] | None]:
    """Return the model that an annotation stands for, and the one of its entries if it is a mapping by name."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, None
    inner = typing.get_args(annotation)[-1] if typing.get_origin(annotation) is dict else None
    return None, inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
