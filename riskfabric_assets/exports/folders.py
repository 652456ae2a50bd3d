"""Target folders: made beside the target and renamed when complete, so that no reader sees half an export.

A folder that an export has written holds `export.json`, which says what is in it and where it comes from. Nothing else
is ever replaced.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from riskfabric_assets.foundation.errors import InputError, Problem, WarehouseError
from riskfabric_assets.warehouse.parquet import atomic_path, is_disk_full

MANIFEST: Final = "export.json"


def check_target(target: Path, *, overwrite: bool) -> None:
    """Refuse a target that is not empty, unless it is an older export and may be replaced.

    Raises:
        InputError: The target is a file, is not empty, or holds something else than an export.
    """
    if target.exists() and not target.is_dir():
        raise InputError([Problem(str(target), "a file", "a folder", "name another folder with --to")])
    if not target.exists() or not any(target.iterdir()):
        return
    if not (target / MANIFEST).is_file():
        found, fix = f"a folder with files, but no {MANIFEST}", "name another folder with --to, or empty this one"
        raise InputError([Problem(str(target), found, "an empty folder, or one that an export has written", fix)])
    if not overwrite:
        fix = "name another folder with --to, or replace it with --overwrite (--drop-tables)"
        raise InputError([Problem(str(target), "an earlier export", "an empty folder", fix)])


@contextlib.contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder beside `target` that takes its place when the block ends well, and vanishes otherwise.

    Raises:
        WarehouseError: The disk is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staged, old = (target.with_name(f".{target.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    staged.mkdir()
    try:
        yield staged
        if target.exists():
            target.rename(old)
        staged.rename(target)
    except BaseException as error:
        if old.exists() and not target.exists():
            old.rename(target)
        if is_disk_full(error):
            raise WarehouseError(
                f"no space left while writing {target}; what was there is unchanged\n  fix: free space, then run again"
            ) from error
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def write_manifest(folder: Path, content: Mapping[str, object]) -> None:
    """Write `export.json` atomically."""
    with atomic_path(folder / MANIFEST) as temporary:
        temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
