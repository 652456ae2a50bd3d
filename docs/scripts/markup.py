"""Markdown tables and headings for the generated reference pages."""

from collections.abc import Iterable, Sequence


def cell(text: object) -> str:
    """Return `text` on one line, with the characters escaped that would end a table cell."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; every row has as many cells as `header`."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def code(text: object) -> str:
    """Return `text` as inline code; empty text stays empty."""
    return f"`{text}`" if str(text) else ""


def page(title: str, *parts: str) -> str:
    """Join a title and paragraphs into the text of a page."""
    return "\n\n".join([f"# {title}", *[part for part in parts if part]]) + "\n"
