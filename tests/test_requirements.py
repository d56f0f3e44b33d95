"""requirements.txt: a fresh clone gets the version of everything that the program imports itself."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "index", "bot")


def imported(path: Path) -> set[str]:
    """The top names of what a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_what_is_imported_is_pinned() -> None:
    pinned = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    names = {name for package in PACKAGES for path in (ROOT / package).rglob("*.py") for name in imported(path)}
    outside = names - set(sys.stdlib_module_names) - set(PACKAGES)
    held = packages_distributions()
    assert [n for n in sorted(outside) if not {d.lower().replace("_", "-") for d in held.get(n, [])} & pinned] == []
