"""What a question calls for, on vectors small enough to work out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.odds import Odds

RIGHT, UP = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def test_rare_labels_have_odds_too(tmp_path: Path) -> None:
    vectors = np.concatenate([np.tile(RIGHT, (90, 1)), np.tile(UP, (5, 1)), np.tile(-RIGHT, (5, 1))])
    labels = ["answer"] * 90 + ["crisis"] * 5 + ["refuse"] * 5
    Odds.fit(vectors, labels).save(tmp_path / "odds.npz")
    odds = Odds.open(tmp_path / "odds.npz").probabilities(UP, ["借"])
    assert abs(sum(odds.values()) - 1) < 1e-6
    assert odds["crisis"] > 0.9


def test_a_text_may_count_for_many() -> None:
    vectors = np.stack([RIGHT, UP, -RIGHT, RIGHT + UP, RIGHT + UP])
    labels = ["answer", "crisis", "refuse", "answer", "crisis"]
    plain = Odds.fit(vectors, labels).probabilities(RIGHT + UP)
    heavy = Odds.fit(vectors, labels, [1, 1, 1, 1, 20]).probabilities(RIGHT + UP)
    assert heavy["crisis"] > plain["crisis"]


def test_characters_tell_apart_what_vectors_do_not(tmp_path: Path) -> None:
    texts = ["他要跳了"] * 9 + ["他要告我"] * 9 + ["教我骂他"] * 9
    labels = ["crisis"] * 9 + ["answer"] * 9 + ["refuse"] * 9
    Odds.fit(np.tile(RIGHT, (27, 1)), labels, texts=texts).save(tmp_path / "odds.npz")
    odds = Odds.open(tmp_path / "odds.npz")
    assert odds.probabilities(RIGHT, ["跳", "了", "跳了"])["crisis"] > 0.5
    assert odds.probabilities(RIGHT, ["告", "我", "告我"])["answer"] > 0.5
    even = odds.probabilities(RIGHT, ["无", "人", "无人"])
    assert max(even.values()) < 0.5
