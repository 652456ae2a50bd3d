"""A story for a terminal: a panel that says it in sentences, and tables of what follows one another."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from riskfabric_assets.foundation.money import money
from riskfabric_assets.stories.story import NEVER_KNOWN, Attack, Flow, Happening, Learned, Story

T = TypeVar("T")
COLOURS: Final = {"fraud": "bold red", "claimed": "bold yellow", "honest": "bold green", "event": "bold cyan"}
VERDICTS: Final = {
    "fraud": "Fraud",
    "claimed": "Honest, but its payer disputes it",
    "honest": "Honest",
    "event": "An account event; the answer key is about payments",
}
MOST_ROWS: Final = 40
"""Longer tables are cut; --json has everything."""


def render(story: Story) -> RenderableType:
    """Return everything that is told, to be printed."""
    parts: list[RenderableType] = [_headline(story)]
    if story.attack is not None:
        parts += [_attack_text(story.attack), _steps_table(story.attack)]
        if story.attack.campaign:
            parts.append(_campaign_table(story.attack))
    if story.money:
        parts += [_money_table(story.money), Text(money_line(story.money))]
    elif story.attack is not None:
        parts.append(Text("\nWhere the money went: nowhere, every payment was declined."))
    if story.meanwhile:
        parts.append(_happenings_table("On the accounts involved, around the attack", story.meanwhile))
    parts += _learned_parts(story)
    parts.append(_happenings_table("The customer's day", story.day, story.event_id))
    return Group(*parts)


def money_line(flows: Iterable[Flow]) -> str:
    """Sum up where the money went, by way."""
    totals: dict[tuple[str, str], int] = {}
    for flow in flows:
        way = (flow.way, flow.currency_code)
        totals[way] = totals.get(way, 0) + flow.amount_minor
    return "In total: " + "; ".join(f"{way} {money(sum_, code)}" for (way, code), sum_ in totals.items()) + "."


def _headline(story: Story) -> Panel:
    asked = story.asked
    text = Text(f"{VERDICTS[story.verdict]}.\n", style=COLOURS[story.verdict])
    amount = f": {money(asked.amount_minor, asked.currency_code)}" if asked.amount_minor else ""
    other = f" {'with' if asked.status == 'recorded' else 'to'} {asked.receiver}" if asked.receiver else ""
    text.append(f"{asked.customer} (customer {asked.customer_id}, account {asked.account_id})", style="bold")
    text.append(f"\n{asked.what}{amount}{other}\n", style="default not bold")
    text.append(f"at {asked.at_local:%A %-d %B %Y, %H:%M:%S} local time", style="default not bold")
    text.append("".join(f", {part}" for part in (asked.where, asked.device) if part), style="default not bold")
    rule = f", by the engine's rule {asked.engine_rule}" if asked.engine_rule else ""
    text.append(f"\n{asked.status}{rule}", style="default not bold")
    if story.about_payment_id is not None:
        text.append(_about(story), style="default not bold")
    return Panel(text, title=f"{story.event_id}", title_align="left", border_style=COLOURS[story.verdict])


def _about(story: Story) -> str:
    if story.verdict == "event":
        return (
            f"\nIt may belong to an attack or to honest life. Fraud {story.about_payment_id} on the same account is "
            "near in time; attack, money and what the bank knew are about that one."
        )
    return f"\nIt answers payment {story.about_payment_id}; what follows is about that payment."


def _attack_text(attack: Attack) -> Text:
    """Say what was planned and what came of it."""
    text = Text(f"\n{attack.typology.replace('_', ' ').capitalize()}", style="bold")
    role = "claimant" if attack.is_claimed else "on the account of"
    actor = "" if attack.actor_id is None else f" Actor {attack.actor_id}."
    phase = f", day {attack.campaign_day} ({attack.campaign_phase})" if attack.campaign_day else ""
    campaign = f" Campaign {attack.campaign_id}{phase}, {len(attack.campaign) + 1} attacks."
    planned = "unknown" if attack.planned_steps is None else f"{attack.planned_steps}"
    approved = sum(step.payment.status == "approved" for step in attack.steps)
    begins = "" if attack.start_at_utc is None else f" The plan begins at {attack.start_at_utc:%Y-%m-%d %H:%M} UTC."
    sentences = (
        f", attack {attack.attack_id}, {role} {attack.victim} (customer {attack.victim_id}).{actor}",
        " A single attack, of no campaign." if attack.campaign_id is None else campaign,
        f"\nPayments planned: {planned}; made: {len(attack.steps)}; approved: {approved}.{begins}",
    )
    for sentence in sentences:
        text.append(sentence, style="not bold")
    return text


def _steps_table(attack: Attack) -> Table:
    columns = ("step", "phase", "when", ">amount", "payer", "to", "device", "outcome", "anomalies")
    table = _table("The attack, step by step", columns)
    for step in _cut(table, attack.steps):
        paid = step.payment
        cells = (
            f"{'>' if step.is_asked else ' '}{step.step}",
            step.phase.replace("_", " "),
            f"{paid.at_local:%m-%d %H:%M:%S}",
            money(paid.amount_minor, paid.currency_code),
            paid.customer,
            paid.receiver,
            paid.device,
            paid.status + (f" ({paid.engine_rule})" if paid.engine_rule else ""),
            ", ".join(step.anomalies),
        )
        table.add_row(*map(Text, cells), style="bold" if step.is_asked else "")
    return table


def _campaign_table(attack: Attack) -> Table:
    columns = ("attack", "victim", "begins (UTC)", ">planned", ">made", ">approved")
    table = _table("The rest of the campaign", columns)
    currency = attack.steps[0].payment.currency_code
    for each in _cut(table, attack.campaign):
        cells = (
            f"{each.attack_id}",
            each.victim,
            f"{each.start_at_utc:%Y-%m-%d %H:%M}",
            f"{each.planned_steps}",
            f"{each.payments}",
            money(each.amount_minor, currency),
        )
        table.add_row(*map(Text, cells))
    return table


def _money_table(flows: Sequence[Flow]) -> Table:
    table = _table("Where the money went", ("step", "when", "from", "to", "way", ">amount", "credited by event"))
    for flow in _cut(table, flows):
        cells = (
            "" if flow.step is None else f"{flow.step}",
            f"{flow.at_local:%m-%d %H:%M:%S}",
            flow.payer,
            flow.receiver,
            flow.way,
            money(flow.amount_minor, flow.currency_code),
            "" if flow.credit_event_id is None else f"{flow.credit_event_id}",
        )
        table.add_row(*map(Text, cells))
    return table


def _learned_parts(story: Story) -> list[RenderableType]:
    if not story.learned:
        return [Text("\nWhat the bank knows: nothing; " + (NEVER_KNOWN if story.attack else "nobody has reported it."))]
    table = _table("What the bank knew, and from when on", ("known at (UTC)", "step", "payment", "what", ""))
    for each in _cut(table, story.learned):
        table.add_row(*map(Text, _learned_cells(each)))
    label = story.label_known_at_utc
    known = "has no label of fraud" if label is None else f"is labeled fraud from {label:%Y-%m-%d %H:%M} UTC on"
    return [table, Text(f"Payment {story.about_payment_id or story.event_id} {known}.")]


def _learned_cells(each: Learned) -> tuple[str, ...]:
    later = "after the last simulated day" if each.is_yet_to_come else ""
    step = "" if each.step is None else f"{each.step}"
    return f"{each.known_at_utc:%Y-%m-%d %H:%M}", step, f"{each.event_id}", each.what, later


def _happenings_table(title: str, happenings: Sequence[Happening], asked: int | None = None) -> Table:
    table = _table(title, ("when", "event", "who", "what", ">amount", "with", "where, on what", "outcome"))
    for each in _cut(table, happenings):
        cells = (
            f"{each.at_local:%m-%d %H:%M:%S}",
            f"{each.event_id}",
            each.customer,
            each.what,
            money(each.amount_minor, each.currency_code) if each.amount_minor else "",
            each.receiver,
            "; ".join(part for part in (each.where, each.device) if part),
            each.status,
        )
        table.add_row(*map(Text, cells), style="bold" if each.event_id == asked else "")
    return table


def _table(title: str, columns: Iterable[str]) -> Table:
    """Return an empty table; a column that starts with > stands to the right."""
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", header_style="dim", box=None)
    for name in columns:
        table.add_column(name.lstrip(">"), justify="right" if name.startswith(">") else "left", overflow="fold")
    return table


def _cut(table: Table, rows: Sequence[T]) -> Sequence[T]:
    if len(rows) > MOST_ROWS:
        table.caption = f"{len(rows) - MOST_ROWS} more: --json"
    return rows[:MOST_ROWS]
