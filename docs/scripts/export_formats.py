"""The schemas of the export formats, from the formats themselves."""

import markup

from riskfabric_assets.exports.options import ExportOptions
from riskfabric_assets.exports.registry import Format, discover
from riskfabric_assets.exports.sheets import Sheet

INTRODUCTION = """\
What `riskfabric export FORMAT --to FOLDER` writes, file by file; how to use it is told in
[Export the formats of other systems](../howto/export_formats.md). Every folder holds `export.json` as well: format,
options, world, seed, identity, months and rows. What a format asks for and the world does not know is null, and its
column says so."""


def page() -> str:
    """Return one section for each format and one heading for each of its files."""
    sections = [part for name, form in discover().items() for part in _format(name, form)]
    return markup.page("Export formats", INTRODUCTION, *sections)


def _format(name: str, form: Format) -> list[str]:
    return [f"## {name}", f"{form.TITLE}.", _options(form.Options), *[_sheet(name, sheet) for sheet in form.SHEETS]]


def _options(options: type[ExportOptions]) -> str:
    fields = options.model_fields.items()
    rows = [(markup.code(name), markup.code(field.default), field.description or "") for name, field in fields]
    return markup.table(("Option", "Default", "Meaning"), rows) if rows else ""


def _sheet(name: str, sheet: Sheet) -> str:
    rows = [
        (markup.code(column.name), column.type, column.unit, column.description + "; may be null" * column.is_nullable)
        for column in sheet.columns
    ]
    heading = f"### {name}: {sheet.path}\n\n{sheet.grain}."
    return f"{heading}\n\n" + markup.table(("Column", "Type", "Unit", "Meaning"), rows)
