"""All user agents of a world: browsers by operating system and model, payment apps on every phone model."""

import dataclasses

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import OPERATING_SYSTEMS
from riskfabric_assets.packs.people import Apps, Platforms, UserAgents
from riskfabric_assets.world.slices import Slices, pick_members, stack_weights

Int64s = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class UserAgentPool:
    """Texts in a fixed order, and the weights they are picked by."""

    texts: pl.Series
    """An enumeration, browsers first; the last is null."""
    models: Slices
    """Slot per operating system."""
    browsers: Slices
    """Slot per operating system."""
    first_browser: Int64s
    """Position of every operating system's browsers in `texts`: model * clients + client."""
    count_browsers: Int64s
    first_app: Int64s
    """Position of every operating system's apps: model * clients + client; the null for desktops."""
    app_names: Slices
    """Slot 0: any app; slot 1 + a: another app than a."""
    app_clients: Slices
    """Slot per app: position of the client among all."""
    count_clients: Int64s
    """Clients per model by operating system; 0 for desktops."""


def open_user_agents(platforms: Platforms, apps: Apps) -> UserAgentPool:
    """Spell every model with every client."""
    agents: list[UserAgents] = [getattr(platforms, name) for name in OPERATING_SYSTEMS]
    templates = [{"android": apps.android_template, "ios": apps.ios_template}.get(name) for name in OPERATING_SYSTEMS]
    browsers = [_spell(agent.template, list(agent.models), list(agent.clients)) for agent in agents]
    phones = [
        _spell(template, list(agent.models), list(apps.clients)) if template else []
        for agent, template in zip(agents, templates, strict=True)
    ]
    texts = [text for pool in (*browsers, *phones) for text in pool]
    first = np.cumsum([0, *(len(pool) for pool in (*browsers, *phones))])[:-1].astype(np.int64)
    weights = list(apps.clients.values())
    names = [client.partition("/")[0] for client in apps.clients]
    order = list(dict.fromkeys(names))
    shares = [sum(w for w, name in zip(weights, names, strict=True) if name == app) for app in order]
    others = [[0.0 if other == app else share for other, share in enumerate(shares)] for app in range(len(order))]
    return UserAgentPool(
        texts=pl.Series([*texts, None], dtype=pl.Enum(list(dict.fromkeys(texts)))),
        models=stack_weights([list(agent.models.values()) for agent in agents]),
        browsers=stack_weights([list(agent.clients.values()) for agent in agents]),
        first_browser=first[: len(agents)],
        count_browsers=np.array([len(agent.clients) for agent in agents]),
        first_app=first[len(agents) :],
        app_names=stack_weights([shares, *(row if sum(row) else shares for row in others)]),
        app_clients=stack_weights(
            [[w if name == app else 0.0 for w, name in zip(weights, names, strict=True)] for app in order]
        ),
        count_clients=np.array([len(weights) if pool else 0 for pool in phones]),
    )


def draw_user_agents(
    pool: UserAgentPool, streams: Streams, second_share: float, devices: Int64s, owners: Int64s, systems: Int64s
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Draw what devices say of themselves: browser, payment app and second payment app.

    Args:
        pool: User agents of the world.
        streams: Random streams of the run.
        second_share: Owners who use a second app.
        devices: Entity of every device, shape (n,).
        owners: Ordinal of its owner, whose apps are on all their phones, shape (n,).
        systems: Code in OPERATING_SYSTEMS, shape (n,).
    """

    def picks(slices: Slices, slots: Int64s, name: str, entities: Int64s) -> Int64s:
        return pick_members(slices, slots, streams.uniforms(f"population/device/{name}", entities))

    model = picks(pool.models, systems, "model", devices)
    browser = picks(pool.browsers, systems, "browser", devices)
    app = picks(pool.app_names, np.zeros_like(owners), "app", owners)
    other = picks(pool.app_names, app + 1, "second_app", owners)
    clients = pool.count_clients[systems]
    start, null = pool.first_app[systems] + model * clients, len(pool.texts) - 1
    has_second = streams.uniforms("population/device/has_second_app", owners) < second_share
    first_app = start + picks(pool.app_clients, app, "client", devices)
    second_app = start + picks(pool.app_clients, other, "second_client", devices)
    return (
        pool.texts.gather(pool.first_browser[systems] + model * pool.count_browsers[systems] + browser),
        pool.texts.gather(np.where(clients > 0, first_app, null)),
        pool.texts.gather(np.where((clients > 0) & has_second, second_app, null)),
    )


def _spell(template: str, models: list[str], clients: list[str]) -> list[str]:
    return [template.replace("{model}", model).replace("{client}", client) for model in models for client in clients]
