"""What a command says to a terminal that is set to something else, and to a reader who has gone."""

from __future__ import annotations

import os
import subprocess
import sys

SHOW = [sys.executable, "-m", "corpus", "show", "民法典"]


def test_a_law_is_shown_whatever_the_terminal_is_set_to() -> None:
    shown = subprocess.run(SHOW, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=True)
    assert shown.stdout.decode().startswith("《民法典》第一条")


def test_a_reader_who_has_gone_leaves_no_traceback() -> None:
    with subprocess.Popen(SHOW, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 130)
