"""`export_format`: one format of one home into one folder."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from riskfabric_assets.exports.folders import check_target, staged_folder, write_manifest
from riskfabric_assets.exports.options import ExportOptions, read_options
from riskfabric_assets.exports.registry import find
from riskfabric_assets.exports.source import Source, open_source
from riskfabric_assets.packs.settings import Settings


def export_format(
    settings: Settings,
    name: str,
    target: Path,
    *,
    months: Sequence[str] = (),
    options: Sequence[str] = (),
    overwrite: bool = False,
) -> dict[str, int]:
    """Write a home in one of the formats; returns rows by file.

    Args:
        settings: Settings of the home.
        name: Format.
        target: Folder; it appears, or is replaced, when all of it is written.
        months: Months to export; none means all that are made.
        options: Options of the format, KEY=VALUE.
        overwrite: Replace an earlier export.

    Raises:
        ConfigError: There is no such format or option.
        InputError: The target is not empty.
        StaleError: Something has not been made.
    """
    form = find(name)
    chosen = read_options(options, form.Options)
    check_target(target, overwrite=overwrite)
    with open_source(settings, months) as source, _folder(target, chosen) as folder:
        if chosen.is_live:
            write_manifest(folder, _manifest(source, name, chosen, {}))
        rows = form.write(source, folder, chosen)
        write_manifest(folder, _manifest(source, name, chosen, rows))
    return rows


@contextlib.contextmanager
def _folder(target: Path, options: ExportOptions) -> Iterator[Path]:
    if options.is_live:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        yield target
        return
    with staged_folder(target) as staged:
        for name in options.kept_folders:
            if (target / name).is_dir():
                shutil.copytree(target / name, staged / name, copy_function=os.link)
        yield staged


def _manifest(source: Source, name: str, options: ExportOptions, rows: dict[str, int]) -> dict[str, object]:
    settings = source.settings
    return {
        "format": name,
        "options": options.model_dump(mode="json"),
        "world": settings.world,
        "profile": settings.profile,
        "seed": settings.seed,
        "identity": settings.identity,
        "is_synthetic": True,
        "months": list(source.months),
        "through": source.last_day.isoformat(),
        "rows": rows,
    }
