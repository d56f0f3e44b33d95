"""What speaks for a situation, on vectors small enough to work out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.nearness import CitationFit, Means, Phrasings

RIGHT, UP = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def cited() -> CitationFit:
    chunks = {"loan": np.stack([RIGHT]), "fee": np.stack([-RIGHT, UP]), "other": np.stack([-RIGHT])}
    return CitationFit.fit({"both": ["loan", "fee"], "one": ["fee"], "none": ["other"]}, chunks)


def test_a_situation_is_as_near_as_its_nearest_phrasing(tmp_path: Path) -> None:
    Phrasings.fit(np.stack([RIGHT, UP, UP, -RIGHT]), ["loan", "fee", "loan", "fee"]).save(tmp_path)
    opened = Phrasings.open(tmp_path)
    assert opened.nearest(RIGHT, np.array([1, 0])).tolist() == [0, 1]
    assert opened.nearest(-RIGHT, np.array([1])).tolist() == [1]


def test_a_mean_is_of_unit_length(tmp_path: Path) -> None:
    Means.fit(np.stack([RIGHT, UP, -UP]), ["both", "both", "other"]).save(tmp_path / "means.npz")
    opened = Means.open(tmp_path / "means.npz")
    assert opened.labels == ("both", "other")
    assert np.abs(opened.scores(RIGHT) - [0.5**0.5, 0]).max() < 1e-6


def test_an_article_fits_as_well_as_its_best_chunk(tmp_path: Path) -> None:
    cited().save(tmp_path / "cited.npz")
    opened = CitationFit.open(tmp_path / "cited.npz")
    scores = opened.scores(UP)
    assert opened.cards == ("both", "one", "none")
    assert scores[0, 1] == scores[1, 0] > scores[0, 0] > scores[2, 0] - 1e-6
    assert np.isnan(scores[1:, 1]).all()


def test_fit_is_measured_against_all_cited_articles() -> None:
    scores = cited().scores(RIGHT)
    each = np.array([scores[0, 0], scores[0, 1], scores[2, 0]])
    assert abs(each.mean()) < 1e-6
    assert abs(each.std() - 1) < 1e-6
