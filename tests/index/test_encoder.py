"""The fast path without torch gives what sentence-transformers gives with the same folder."""

import numpy as np
from sentence_transformers import SentenceTransformer

from index.encoder import FolderEncoder, open_encoder
from index.settings import IndexSettings

TEXTS = ["催收打我妈电话，违法吗", "砍头息", "借款的利息不得预先在本金中扣除。" * 40]


def test_fast_path_equals_sentence_transformers() -> None:
    folder = IndexSettings(_env_file=None).encoder
    fast = open_encoder(folder)
    assert isinstance(fast, FolderEncoder)
    full = SentenceTransformer(folder, trust_remote_code=True, device="cpu")
    for task, side in (("query", "query"), ("document", "passage"), ("question", "query")):
        ours = fast.project(fast.base(TEXTS, side), task)
        theirs = full.encode(TEXTS, task=task)
        assert np.abs(ours - theirs).max() < 1e-5, task


def test_vectors_are_of_unit_length_and_deterministic() -> None:
    encoder = open_encoder(IndexSettings(_env_file=None).encoder)
    once, twice = encoder.base(TEXTS, "query"), encoder.base(TEXTS, "query")
    assert np.array_equal(once, twice)
    assert np.allclose(np.linalg.norm(encoder.project(once, "question"), axis=1), 1, atol=1e-5)
