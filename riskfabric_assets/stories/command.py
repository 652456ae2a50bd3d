"""The command `explain`."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.stories.reading import event_id_of_text, gather
from riskfabric_assets.stories.telling import tell
from riskfabric_assets.stories.terminal import render

FILE_WIDTH = 160
"""Width of output that goes to no terminal, characters."""


def explain(
    transaction_id: Annotated[str, typer.Argument(help="event_id of a payment or account event, or an exported UUID")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole story as JSON")] = False,
) -> None:
    """Tell the story of a payment: who paid what, the attack around it, its money, and what the bank knew when."""
    story = tell(gather(resolve(os.environ, Path.cwd()), event_id_of_text(transaction_id)))
    if as_json:
        typer.echo(json.dumps(story.as_json(), indent=2, ensure_ascii=False))
        return
    width = None if sys.stdout.isatty() else FILE_WIDTH
    Console(file=sys.stdout, width=width).print(render(story), highlight=False)
