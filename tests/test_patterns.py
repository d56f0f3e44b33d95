"""One visitor's sentence must not stop the server for all: see tests/hostile.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_pattern_comes_to_an_end() -> None:
    command = [sys.executable, "-m", "tests.hostile"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, encoding="utf-8", check=False)
    assert (done.stdout, done.returncode) == ("", 0)
