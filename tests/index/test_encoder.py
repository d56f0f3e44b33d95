"""The fast path without torch gives what sentence-transformers gives with the same folder."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding

from index import e5
from index.encoder import Encoder, FolderEncoder, open_encoder
from index.settings import IndexSettings
from index.vectors import VectorCache

TEXTS = ["催收打我妈电话，违法吗", "砍头息", "借款的利息不得预先在本金中扣除。" * 40, "扣了５０００ App 会员费"]


@pytest.fixture(scope="module")
def fast() -> Encoder:
    encoder = open_encoder(IndexSettings(_env_file=None))
    assert isinstance(encoder, FolderEncoder)
    return encoder


def test_fast_path_is_sentence_transformers_but_for_rounding(fast: Encoder) -> None:
    full = SentenceTransformer(IndexSettings(_env_file=None).encoder, trust_remote_code=True, device="cpu")
    for task, side in (("query", "query"), ("document", "passage"), ("question", "query")):
        ours = fast.project(fast.base(TEXTS, side=side), task=task)
        theirs = full.encode(TEXTS, task=task)
        likeness = (ours * theirs).sum(axis=1)
        assert likeness.min() > 0.97, (task, likeness)  # .9 before channels were evened out; unlike texts are near 0


def test_a_copied_folder_is_read_with_its_own_weights(fast: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(IndexSettings(_env_file=None).encoder, folder)
    save_file({name: 0 * a for name, a in load_file(folder / e5.TUNED["query"]).items()}, folder / e5.TUNED["query"])
    copied = open_encoder(IndexSettings(_env_file=None, encoder=str(folder), data=tmp_path))
    assert copied.identity != fast.identity
    assert copied.name("query") != fast.name("query")
    assert copied.name("passage") == fast.name("passage")
    full = SentenceTransformer(str(folder), trust_remote_code=True, device="cpu").encode(TEXTS, task="query")
    ours, before = (e.project(e.base(TEXTS, side="query"), task="query") for e in (copied, fast))
    assert (ours * full).sum(axis=1).min() > 0.97 > (before * full).sum(axis=1).max()
    name = copied.name("query")
    shutil.copy(
        Path(IndexSettings(_env_file=None).encoder) / e5.TUNED["query"], folder / e5.TUNED["query"]
    )  # as a training ends
    assert copied.name("query") == name, "vectors of the old weights would be kept under the new ones' name"
    assert np.array_equal(copied.project(copied.base(TEXTS, side="query"), task="query"), ours)


@pytest.mark.parametrize("damaged", ["query_1_Dense/model.safetensors", e5.TUNED["query"], "router_config.json"])
def test_a_damaged_model_folder_is_named(damaged: str, tmp_path: Path) -> None:
    folder = shutil.copytree(IndexSettings(_env_file=None).encoder, tmp_path / "model")
    (tmp_path / "encoder").mkdir()
    for made in (IndexSettings(_env_file=None).data / "encoder").glob("query-*"):
        (tmp_path / "encoder" / made.name).symlink_to(made)
    (folder / damaged).write_bytes((folder / damaged).read_bytes()[:40])
    with pytest.raises(e5.EncoderError, match=str(folder)):
        open_encoder(IndexSettings(_env_file=None, encoder=str(folder), data=tmp_path))


def test_another_model_in_the_same_folder_has_another_identity(tmp_path: Path) -> None:
    settings = IndexSettings(_env_file=None, encoder=str(tmp_path / "model"))
    identities = []
    for seed in (1, 1, 2):
        shutil.rmtree(settings.encoder, ignore_errors=True)
        torch.manual_seed(seed)
        SentenceTransformer(modules=[StaticEmbedding(e5.tokenizer(), embedding_dim=8)]).save(settings.encoder)
        encoder = open_encoder(settings)
        assert encoder.base(["砍头息\ud800"], side="query").shape == (1, 8)
        identities.append(encoder.identity)
    assert identities[0] == identities[1] != identities[2]
    weights = next(Path(settings.encoder).rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:40])
    with pytest.raises(e5.EncoderError, match=settings.encoder):
        open_encoder(settings)


def test_a_question_has_the_vector_that_was_stored_with_others(fast: Encoder, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    stored = cache.encode(TEXTS, "new", "query", lambda some: fast.base(some, side="query"))
    asked = np.concatenate([fast.base([text], side="query") for text in TEXTS])
    assert (stored * asked).sum(axis=1).min() > 0.9999


def test_vectors_are_of_unit_length_and_deterministic(fast: Encoder) -> None:
    once = fast.base(TEXTS, side="query")
    assert np.array_equal(once, fast.base(TEXTS, side="query"))
    assert np.allclose(np.linalg.norm(fast.project(once, task="question"), axis=1), 1, atol=1e-5)
    assert np.isfinite(fast.base([""], side="query")).all()


def test_a_long_text_is_read_to_its_end() -> None:
    cut = e5.E5Tokenizer.of_package().windows(TEXTS[2] * 4, "query")
    assert len(cut) > 1
    assert all(len(w) <= e5.WINDOW + 2 for w in cut)
    assert e5.UNKNOWN not in {i for w in cut for i in w}


def test_no_text_stays_in_the_tokenizer() -> None:
    """Out of sight of Python, in the memory of the process."""
    tokenizer, words = e5.E5Tokenizer.of_package(), "霁月借了五十万元"
    for number in range(100):
        tokenizer.ids(f"query: {words}{number}")
    heap = next(line.split()[0] for line in Path("/proc/self/maps").read_text().splitlines() if "[heap]" in line)
    start, end = (int(place, 16) for place in heap.split("-"))
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        memory.seek(start)
        left = memory.read(end - start).count(words.encode())
    assert left < 50  # a few, where nothing has been written since
