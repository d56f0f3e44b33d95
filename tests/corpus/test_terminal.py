"""Every command speaks UTF-8, bears a reader who goes, and says in a sentence what cannot be read or written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import __main__ as corpus
from corpus.citations import align

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


@pytest.mark.parametrize(
    ("shell", "status", "says"),
    [
        ('"$@" >&-', 0, b""),
        ('"$@" >/dev/full', 1, "磁盘满了".encode()),
        ('"$0" -c "from corpus.terminal import run; run(lambda: len(input()))" <&-', 1, b"EOFError"),
    ],
)
def test_a_terminal_that_is_shut_or_full_leaves_no_traceback_of_ours(shell: str, status: int, says: bytes) -> None:
    told = subprocess.run(["sh", "-c", shell, SHOW[0], *SHOW], check=False, capture_output=True)
    assert (told.returncode, says in told.stderr, b"AttributeError" in told.stderr) == (status, True, False)


def test_what_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(corpus, "FINGERPRINTS", tmp_path / "gone" / "fingerprints.json")
    assert corpus.main(["fingerprint"]) == 1
    assert f"读写不了 {tmp_path}/gone/fingerprints.partial：请检查文件权限" in capsys.readouterr().err


def test_fingerprints_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(shutil.copy(corpus.FINGERPRINTS, tmp_path))
    monkeypatch.setattr(corpus, "FINGERPRINTS", path)
    whole, write = path.read_text("utf-8"), Path.write_text

    def killed(self: Path, text: str, encoding: str) -> None:
        write(self, text[:1000], encoding)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", killed)
        assert corpus.main(["fingerprint"]) == 130
    assert path.read_text("utf-8") == whole
    assert corpus.main(["fingerprint"]) == 0
    assert path.read_text("utf-8") == whole


def test_what_cannot_be_aligned_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "甲办法.txt"
    assert align.main([str(old), "民法典"]) == 1
    assert f"没有这个文件：{old}" in capsys.readouterr().err
    old.write_text("甲办法\n第一条　内容。\n", "utf-8")
    monkeypatch.setattr("tempfile.tempdir", "/nothing-here")
    assert align.main([str(old), "民法典"]) == 1
    assert "读写不了 /nothing-here" in capsys.readouterr().err
