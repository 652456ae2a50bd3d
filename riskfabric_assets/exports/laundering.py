"""What shape the payments of one laundering attempt have, in the words of AMLworld."""

from collections.abc import Iterable

Leg = tuple[str, str]
"""Account that pays and account that is paid."""


def shape_of(legs: Iterable[Leg]) -> str:
    """Return CYCLE, FAN-OUT, FAN-IN, BIPARTITE, STACK or RANDOM; money may take several steps.

    A stack is several layers in which no account pays back into an earlier one; what fits nowhere is random.
    """
    edges = set(legs)
    payers, paid = {payer for payer, _ in edges}, {payee for _, payee in edges}
    if _has_cycle(edges):
        return "CYCLE"
    if len(payers) == 1:
        return "FAN-OUT"
    if len(paid) == 1:
        return "FAN-IN"
    if not payers & paid:
        return "BIPARTITE"
    layers = _layers(edges)
    return "STACK" if all(layers[payee] == layers[payer] + 1 for payer, payee in edges) else "RANDOM"


def _has_cycle(edges: set[Leg]) -> bool:
    left = set(edges)
    while True:
        paid = {payee for _, payee in left}
        ends = {edge for edge in left if edge[0] not in paid}
        if not ends:
            return bool(left)
        left -= ends


def _layers(edges: set[Leg]) -> dict[str, int]:
    """Longest way to every account from one that nobody pays; there is no cycle."""
    layers = {name: 0 for edge in edges for name in edge}
    for _ in layers:
        for payer, payee in edges:
            layers[payee] = max(layers[payee], layers[payer] + 1)
    return layers
