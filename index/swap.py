"""A finished folder takes the place of another; whoever is killed meanwhile leaves one of them whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def swap(partial: Path, folder: Path) -> None:
    """Put `partial` in the place of `folder`, which stays as `replaced(folder)`: it may still be open."""
    if folder.exists():
        shutil.rmtree(replaced(folder), ignore_errors=True)
        folder.rename(replaced(folder))
    partial.rename(folder)


@contextmanager
def rewritten(folder: Path) -> Iterator[Path]:
    """A copy of a folder to write in, which takes its place at the end: all of it, or nothing where it is killed."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(folder, partial)
    yield partial
    swap(partial, folder)
    shutil.rmtree(replaced(folder), ignore_errors=True)


def restore(folder: Path) -> None:
    """Put back what was there, where a swap was killed between its two renames."""
    if not folder.exists() and replaced(folder).exists():
        replaced(folder).rename(folder)


def replaced(folder: Path) -> Path:
    """Where the folder goes that a new one of the same name replaces."""
    return folder.with_name(f"{folder.name}.replaced")
