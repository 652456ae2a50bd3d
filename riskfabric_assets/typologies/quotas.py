"""`plan_attacks`: the attacks of all typologies of a month, at least one where fraud is expected at all.

When no typology draws an attack, one is made to: drawn by how many attacks (or crews) are expected of each, among all
registered ones, so that switching one off moves no attack to another. A month whose only attack is switched off has
none.
"""

import dataclasses
from collections.abc import Iterator, Mapping

import numpy as np

from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.registry import Registry, Typology


def plan_attacks(registry: Registry, contexts: Mapping[str, PlanContext]) -> dict[str, Attacks]:
    """Plan the enabled typologies, each in its context.

    Args:
        registry: All typologies.
        contexts: What each plan depends on, by name, for the disabled ones as well.

    Raises:
        ConfigError: Typologies find too few victims; all of them are named.
    """
    attacks: dict[str, Attacks] = {}
    problems: list[Problem] = []
    for typology in registry.enabled:
        try:
            attacks[typology.name] = typology.module.plan(contexts[typology.name], typology.params)
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    if any(_happens(each) for each in attacks.values()) or any(
        _happens(each.module.plan(contexts[each.name], each.params))
        for each in registry.typologies
        if not each.params.is_enabled
    ):
        return attacks
    return attacks | _least(registry, contexts)


def _happens(attacks: Attacks) -> bool:
    return len(attacks.ordinal) > 0


def _least(registry: Registry, contexts: Mapping[str, PlanContext]) -> dict[str, Attacks]:
    """Return one attack of the first typology in line that finds a victim; nothing where that one is switched off."""
    for typology in _in_line(registry, contexts):
        context = dataclasses.replace(contexts[typology.name], least=1)
        attacks = typology.module.plan(context, typology.params)
        if _happens(attacks):
            return {typology.name: attacks} if typology.params.is_enabled else {}
    return {}


def _in_line(registry: Registry, contexts: Mapping[str, PlanContext]) -> Iterator[Typology]:
    """Yield typologies that add payments in the order of a race: an exponential time over the expected attacks."""
    runners = [each for each in registry.typologies if not each.is_first_party and contexts[each.name].count_rows > 0]
    if not runners:
        return
    context = contexts[runners[0].name]
    tags = [each.tag for each in runners]
    draws = context.streams.uniforms("typologies/least", tags, int(context.clock.month_index[0]))
    expected = np.array([contexts[each.name].count_rows / each.params.expected_rows for each in runners])
    yield from (runners[place] for place in np.argsort(-np.log1p(-draws) / expected, kind="stable"))
