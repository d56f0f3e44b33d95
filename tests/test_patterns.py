"""One visitor's sentence must not stop the server for all: see tests/hostile.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: Seconds after which a pattern will not end any more; all of them together take some twenty.
PATIENCE = 300


def test_every_pattern_comes_to_an_end() -> None:
    command = [sys.executable, "-m", "tests.hostile"]
    try:
        subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, check=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as unended:
        pytest.fail(f"this pattern did not end: {(unended.stdout or b'').decode().splitlines()[-1:]}")
