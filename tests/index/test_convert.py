"""Converted models that are in use stay."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from bot.settings import BotSettings
from index import convert, e5
from index.convert import converted
from index.lock import alone
from index.sessions import open_session
from index.settings import IndexSettings


def test_the_models_used_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two encoders may share a data folder."""
    monkeypatch.setattr(convert, "_export", lambda model, weights, folder: None)  # ten seconds a model
    made = []
    models = [tmp_path / name for name in ("first", "second", "third")]
    for factor, model in enumerate(models):
        shutil.copytree(IndexSettings(_env_file=None).encoder, model)
        tuned = {name: np.float16(factor) * a for name, a in load_file(model / e5.TUNED["query"]).items()}
        save_file(tuned, model / e5.TUNED["query"])
    for model in (models[0], models[1], models[0], models[2]):
        made.append(converted("query", model, tmp_path))
    assert made[0] == made[2]
    assert [folder.exists() for folder in made] == [True, False, True, True]


def test_who_waits_for_another_process_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def wait() -> None:
        with alone(tmp_path / ".lock", "建索引"):
            done.append("waited")

    done: list[str] = []
    with alone(tmp_path / ".lock", "建索引"):
        waiting = Thread(target=wait)
        waiting.start()
        told, deadline = "", time.monotonic() + 60
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
            told = capsys.readouterr().err
        done.append("let go")
    waiting.join()
    assert told == "另一个进程正在建索引，等它完成\n"
    assert done == ["let go", "waited"]


@pytest.mark.parametrize(("damaged", "reads"), [("model.onnx", open_session), ("normal.json", e5.E5Tokenizer.open)])
def test_a_damaged_model_is_named(
    settings: BotSettings, tmp_path: Path, damaged: str, reads: Callable[[Path], object]
) -> None:
    made = shutil.copytree(converted("query", Path(settings.encoder), settings.data), tmp_path / "made")
    (made / damaged).write_text("{")
    with pytest.raises(e5.EncoderError, match=str(made)):
        reads(made)
