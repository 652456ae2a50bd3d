"""From a raw document to a frozen model, with every problem of the file in one error."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.packs.documents import Document

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model]) -> Model:
    """Return the document as a frozen model.

    Raises:
        ConfigError: One problem for each wrong, missing or unknown key, with origin, found, expected and fix.
    """
    try:
        return model.model_validate(document.content)
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
    current: type[BaseModel] = model
    for part in parents:
        field = current.model_fields.get(str(part))
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        current = inner
    return list(current.model_fields)
