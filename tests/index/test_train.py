"""What was learnt is written whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from index import e5, train, train_heads
from index.encoder import read_heads
from index.settings import IndexSettings
from index.swap import replaced, restore


def killed(*args: object) -> None:
    raise KeyboardInterrupt


def test_a_killed_training_leaves_the_encoder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(IndexSettings(_env_file=None).encoder, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    added = {name: 0 * a for name, a in load_file(folder / e5.TUNED["query"]).items()}
    heads: train.Heads = {}
    for task, (weight, bias) in read_heads(folder).items():
        heads[task] = torch.from_numpy(2 * weight), torch.from_numpy(bias) if bias.ndim else None
    with monkeypatch.context() as patch:
        patch.setattr(train, "save_model", killed)
        with pytest.raises(KeyboardInterrupt):
            train.write_folder(folder, added, heads, ["催收打我妈电话"])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    train.write_folder(folder, added, heads, ["催收打我妈电话"])
    assert not any(a.any() for a in load_file(folder / e5.TUNED["query"]).values())
    assert all(np.allclose(weight, heads[task][0]) for task, (weight, _) in read_heads(folder).items())
    assert {path for path in folder.rglob("*") if path.is_file()} == set(before)
    assert list(tmp_path.iterdir()) == [folder]
    shutil.copytree(folder, replaced(folder))  # as killed while what was before is removed
    train.write_folder(folder, added, heads, ["催收打我妈电话"])
    assert list(tmp_path.iterdir()) == [folder]
    folder.rename(replaced(folder))  # as killed between the two renames
    restore(folder)
    assert {path for path in folder.rglob("*") if path.is_file()} == set(before)


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["gone.jsonl"], 1, "读不了 gone.jsonl"),
        (["--epochs", ".01"], 2, "--epochs 0.01 太少"),
    ],
)
def test_what_would_spoil_the_encoder_is_said_before_the_work(
    arguments: list[str],
    status: int,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(train, "encode", lambda *args: pytest.fail("twenty minutes of work"))
    assert train.main(arguments) == status
    assert complaint in capsys.readouterr().err


def test_the_heads_that_search_articles_learn_and_no_other() -> None:
    draw = np.random.default_rng(1)
    articles = draw.normal(size=(40, 24)).astype(np.float32)
    skewed = np.eye(24) + 0.3 * draw.normal(size=(24, 24))
    right = draw.integers(40, size=20 * train_heads.BATCH)
    questions = (articles[right] @ skewed + draw.normal(size=(len(right), 24))).astype(np.float32)
    one = torch.eye(24)
    began: train.Heads = {"query": (one, None), "document": (one, None), "question": (2 * one, one[0])}
    heads = train_heads.learn(questions, [[[int(place)]] for place in right], articles, began)

    def nearest(heads: train.Heads) -> np.ndarray:
        asked, read = questions @ heads["query"][0].numpy(), articles @ heads["document"][0].numpy()
        return (asked @ (read / np.linalg.norm(read, axis=1, keepdims=True)).T).argmax(1)

    assert (nearest(heads) == right).mean() > (nearest(began) == right).mean() + 0.1
    assert heads["question"] is began["question"]
