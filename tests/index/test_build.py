"""Building is atomic, skips what is there, and goes on after a kill."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import httpx
import numpy as np
import pytest
from chromadb.errors import ChromaAuthError

from corpus.cards import load_cards
from corpus.files import FileError
from corpus.replies import load_messages, load_replies
from corpus.statutes import Statutes, load
from index import build as module
from index import store, vectors
from index.__main__ import main
from index.build import DamagedError, build, read
from index.chunks import LayQuestion, lay_questions
from index.e5 import Side
from index.encoder import open_encoder
from index.retriever import Index
from index.settings import IndexSettings, law_of
from index.store import StoreError
from index.vectors import CacheError, VectorCache
from tests.conftest import free_port


@pytest.fixture
def data(settings: IndexSettings, tmp_path: Path) -> Path:
    """A data folder with nothing but the encoder."""
    open_encoder(settings)
    (tmp_path / "encoder").symlink_to(settings.data / "encoder")
    return tmp_path


@pytest.fixture
def small(data: Path, monkeypatch: pytest.MonkeyPatch) -> IndexSettings:
    """A data folder of its own, and little to build from."""
    shrink(monkeypatch)
    return IndexSettings(_env_file=None, data=data)


def shrink(patch: pytest.MonkeyPatch) -> None:
    """The law is one small statute and what a test adds, so that a build is quick."""

    def few(settings: IndexSettings) -> Statutes:
        statutes = law_of(settings)
        added = [s for s in statutes.all if s.name not in load().by_name]
        return Statutes(statutes.as_of, settings.scope, (statutes.by_name["人民调解法"], *added))

    patch.setattr(module, "law_of", few)
    cards = {one.id: replace(one, questions=one.questions[:4]) for one in list(load_cards().values())[:8]}
    replies = {one.id: replace(one, questions=one.questions[:4]) for one in load_replies().values()}
    patch.setattr(module, "load_cards", lambda: cards)
    patch.setattr(module, "load_replies", lambda: replies)
    patch.setattr(module, "load_messages", lambda: load_messages()[::40])
    patch.setattr(module, "lay_questions", few_questions)


@cache
def few_questions() -> list[LayQuestion]:
    return list(lay_questions())[::400]


def broken(*args: object, **more: object) -> None:
    raise OSError("disk full")


def test_skips_when_nothing_changed_and_rebuilds_when_asked(small: IndexSettings) -> None:
    encoder = open_encoder(small)
    _, folder = build(small, encoder)
    made = (folder / "made.json").stat().st_mtime_ns
    assert build(small, encoder)[1] == folder
    assert (folder / "made.json").stat().st_mtime_ns == made
    build(small, encoder, again=True)
    assert (folder / "made.json").stat().st_mtime_ns != made
    folder.rename(folder.with_suffix(".partial"))  # as killed between the two renames
    assert build(small, encoder)[1] == folder
    assert (folder / "made.json").stat().st_mtime_ns == made


def test_an_added_statute_makes_another_index(small: IndexSettings, tmp_path: Path) -> None:
    encoder = open_encoder(small)
    before = module.material(small, encoder)
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "甲.txt").write_text("甲办法\n施行日期：2024-01-01\n第一条　内容。\n", "utf-8")
    after = module.material(small.model_copy(update={"statutes": extra}), encoder)
    assert len(after.articles) == len(before.articles) + 1
    assert after.name != before.name


def test_another_place_of_the_vectors_makes_another_index(small: IndexSettings) -> None:
    encoder = open_encoder(small)
    elsewhere = small.model_copy(update={"chroma": "http://localhost:8000"})
    assert module.material(elsewhere, encoder).name != module.material(small, encoder).name


@pytest.mark.parametrize(
    ("constant", "value"),
    [
        ("index.build.MESSAGE_WEIGHT", 1.0),
        ("index.odds.LOOSENESS", 99.0),
        ("index.lexical.B", 0.75),
        ("index.store.CONFIGURATION", {"hnsw": {"space": "cosine"}}),
    ],
)
def test_a_changed_constant_makes_another_index(
    small: IndexSettings, monkeypatch: pytest.MonkeyPatch, constant: str, value: object
) -> None:
    encoder = open_encoder(small)
    before = module.material(small, encoder).name
    monkeypatch.setattr(constant, value)
    assert module.material(small, encoder).name != before


def test_a_misspelt_id_is_named_before_anybody_asks(small: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = module.load_cards()
    card = replace(next(iter(cards.values())), channels=("911",))
    monkeypatch.setattr(module, "load_cards", lambda: {**cards, card.id: card})
    with pytest.raises(FileError, match=f"{card.topic}.md {card.id}：channels.toml 里没有 911"):
        Index.open(small)


def test_a_changed_card_makes_another_index(small: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = open_encoder(small)
    before = module.material(small, encoder).name
    cards = module.load_cards()
    name, first = next(iter(cards.items()))
    for changed in (replace(first, citations=first.citations[::-1]), replace(first, verdict="legal")):
        monkeypatch.setattr(module, "load_cards", lambda card=changed: {**cards, name: card})
        assert module.material(small, encoder).name != before


def test_a_killed_build_costs_nobody_his_index(small: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = open_encoder(small)
    _, first = build(small, encoder)
    killed, other = first.with_name("default-killed.partial"), first.with_name("default-other")
    for folder in (killed, other):
        folder.mkdir()
    build(small, encoder)  # made before the other, used after it
    cards = module.load_cards()
    monkeypatch.setattr(module, "load_cards", lambda: dict(list(cards.items())[:7]))
    build(small, encoder)
    assert first.exists()
    assert not killed.exists()
    assert not other.exists()


@pytest.mark.parametrize("step", ["index.store.write", "index.build.cited"])
def test_a_failed_build_leaves_the_old_index_whole_and_the_next_one_succeeds(
    small: IndexSettings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    encoder = open_encoder(small)
    _, folder = build(small, encoder)
    before = (folder / "made.json").stat().st_mtime_ns
    with monkeypatch.context() as patch:
        patch.setattr(step, broken)
        with pytest.raises(OSError, match="disk full"):
            build(small, encoder, again=True)
    assert (folder / "made.json").stat().st_mtime_ns == before
    build(small, encoder, again=True)
    index = Index.open(small)
    assert index.articles(index.query("怎么调解"))


def test_a_damaged_index_is_named_until_it_is_built_anew(
    small: IndexSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, folder = build(small, open_encoder(small))
    for name in ("made.json", "chunks.npy", "means.npz", "phrasings.npy", "chunks.bm25/params.index.json"):
        file = folder / name
        whole = file.read_bytes()
        for left in (None, b"", whole[: len(whole) // 2], bytes(len(whole))):
            file.unlink()
            if left is not None:
                file.write_bytes(left)
            with pytest.raises(DamagedError, match=f"{folder}.*--rebuild"):
                read(folder, small.chroma)
            file.write_bytes(whole)
    (folder / "chunks.npy").write_bytes(b"")  # as a power cut leaves it
    monkeypatch.setenv("BOT_DATA", str(small.data))
    assert main(["build"]) == 1
    assert "python -m index build --rebuild" in capsys.readouterr().err
    assert main(["build", "--rebuild"]) == 0
    assert Index.open(small)


def test_what_cannot_be_tidied_up_costs_no_index(small: IndexSettings) -> None:
    damaged = small.data / "index" / "all-damaged"
    damaged.mkdir(parents=True)
    (damaged / "made.json").write_text("{", "utf-8")
    assert Index.open(small)


def test_vectors_of_an_encoder_that_no_index_is_made_with_are_removed(small: IndexSettings) -> None:
    path = small.data / "vectors.sqlite"
    now, former, unnamed = (bytes([i]) * 16 for i in range(3))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")  # as it was once
        database.execute("INSERT INTO vectors VALUES (?, ?)", (unnamed, np.ones(4, np.float16).tobytes()))
    encoder, cache, vector = open_encoder(small), VectorCache(path), np.ones((1, 4), np.float32)
    cache.store([now], vector, encoder.name("query"))
    cache.store([former], vector, "query-of-before")
    build(small, encoder)
    assert set(cache.known([now, former, unnamed])) == {now, unnamed}


def test_shipped_vectors_are_those_of_the_index(small: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = open_encoder(small)
    texts = module.material(small, encoder).texts(side="passage")
    computed = VectorCache(small.data / "vectors.sqlite").encode(
        texts, encoder.name("passage"), "passage", lambda some: encoder.base(some, side="passage")
    )
    shipped = small.data / "shipped"
    monkeypatch.setattr(module, "SHIPPED", shipped)
    assert sorted(path.name for path in module.ship(small, encoder)) == ["articles-1.npz", "questions-1.npz"]
    monkeypatch.setattr(vectors, "SHIPPED", shipped)
    fresh = VectorCache(small.data / "fresh.sqlite").encode(texts, encoder.name("passage"), "passage", broken)
    assert (fresh * computed).sum(axis=1).min() > 0.998  # rounded to 8 bits


def test_shipped_files_that_are_needed_stay_as_they_are(small: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, shipped = open_encoder(small), small.data / "shipped"
    monkeypatch.setattr(module, "SHIPPED", shipped)
    monkeypatch.setattr(module, "SHIPPED_ROWS", 10)
    paths = module.ship(small, encoder)
    first, *others = [path for path in paths if len(module.shipped_keys(path)) == 10]
    before = {path: path.stat().st_mtime_ns for path in others}
    first.unlink()
    (shipped / "old-1.npz").write_bytes(b"")
    assert module.ship(small, encoder) == paths
    assert {path: path.stat().st_mtime_ns for path in others} == before
    keys = [key for path in paths for key in module.shipped_keys(path)]
    made_of = module.material(small, encoder)
    assert len(keys) == len(set(keys)) == sum(len(set(made_of.texts(side=side))) for side in module.SIDES.values())


def test_damaged_shipped_vectors_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "questions-1.npz"
    monkeypatch.setattr(vectors, "SHIPPED", tmp_path)
    for size in (0, 10, 1000):
        path.write_bytes((module.SHIPPED / path.name).read_bytes()[:size])
        with pytest.raises(CacheError, match=path.name):
            VectorCache(tmp_path / "vectors.sqlite").known([])


def test_a_killed_shipping_leaves_a_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, one, path = VectorCache(tmp_path / "vectors.sqlite"), [bytes(16)], tmp_path / "questions-1.npz"
    cache.store(one, np.ones((1, 4), np.float32), "query")
    cache.ship(one, path)
    before = path.read_bytes()
    monkeypatch.setattr("zipfile.ZipFile.open", broken)
    with pytest.raises(OSError, match="disk full"):
        cache.ship(one, path)
    assert path.read_bytes() == before


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A Chroma server and its address."""
    port = free_port()
    program = Path(sys.executable).with_name("chroma")
    running = subprocess.Popen(
        [program, "run", "--path", str(tmp_path / "server"), "--port", str(port)], stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat").is_success:
                break
        time.sleep(0.1)
    yield running, f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait()


@pytest.fixture
def chroma(chroma_server: tuple[subprocess.Popen[bytes], str]) -> str:
    """The address of a Chroma server."""
    return chroma_server[1]


def test_a_chroma_server_that_dies_while_it_is_written_to_is_named(
    chroma_server: tuple[subprocess.Popen[bytes], str], tmp_path: Path
) -> None:
    running, address = chroma_server
    with closing(store.client(tmp_path, address)) as client:
        running.kill()
        running.wait()
        with pytest.raises(StoreError, match="BOT_CHROMA"):
            store.write(client, "articles", np.eye(2, dtype=np.float32))
        with pytest.raises(StoreError, match="BOT_CHROMA"):
            store.delete(client, "articles")


def test_what_a_chroma_server_will_not_remove_stands_in_no_build_s_way(
    small: IndexSettings, chroma: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = small.model_copy(update={"chroma": chroma})
    encoder = open_encoder(settings)
    _, folder = build(settings, encoder)
    killed = folder.with_name("default-killed.partial")
    shutil.copytree(folder, killed)

    def refused(*_: object) -> None:
        raise ChromaAuthError

    monkeypatch.setattr("chromadb.api.client.Client.delete_collection", refused)
    build(settings, encoder, again=True)
    assert not killed.exists()
    assert Index.open(settings)


def test_a_build_on_a_chroma_server_disturbs_no_open_index_and_leaves_nothing(
    small: IndexSettings, chroma: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = small.model_copy(update={"chroma": chroma})
    encoder = open_encoder(settings)
    index = Index.open(settings)
    with monkeypatch.context() as patch:
        patch.setattr(module, "cited", broken)
        with pytest.raises(OSError, match="disk full"):
            build(settings, encoder, again=True)
    assert index.articles(index.query("怎么调解"))
    assert Index.open(settings).articles(index.query("怎么调解"))
    build(settings, encoder, again=True)
    assert index.articles(index.query("怎么调解"))
    cards = module.load_cards()
    for count, house in ((7, settings), (6, small)):  # the last one leaves the server
        monkeypatch.setattr(module, "load_cards", lambda count=count: dict(list(cards.items())[:count]))
        _, last = build(house, encoder)
    (standing,) = (f for f in (settings.data / "index").glob("default-*") if f != last)
    assert [c.name for c in store.client(settings.data, chroma).list_collections()] == [module.collection(standing)]


def test_a_killed_build_is_taken_up_again(small: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real process is killed while it encodes; the next one computes what it had not, and completes."""
    code = (
        "import pathlib, pytest, index.__main__, index.vectors, tests.index.test_build as here;"
        "here.shrink(pytest.MonkeyPatch()); index.vectors.SHIPPED = pathlib.Path('/nonexistent');"
        "index.__main__.main(['build'])"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "BOT_DATA": str(small.data)})
    cache = VectorCache(small.data / "vectors.sqlite")
    deadline = time.monotonic() + 120
    while _count(cache) < 64 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = _count(cache)
    assert kept >= 64
    assert not [f for f in (small.data / "index").iterdir() if f.is_dir() and not f.name.endswith(".partial")]
    monkeypatch.setattr(vectors, "SHIPPED", Path("/nonexistent"))
    encoder = open_encoder(small)
    made_of = module.material(small, encoder)
    base, computed = encoder.base, list[str]()
    monkeypatch.setattr(encoder, "base", lambda texts, *, side: computed.extend(texts) or base(texts, side=side))
    assert build(small, encoder)[1].is_dir()
    assert kept + len(computed) == sum(len(set(made_of.texts(side=side))) for side in get_args(Side))


def _count(cache: VectorCache) -> int:
    with cache._open() as database:
        return int(database.execute("SELECT count(*) FROM vectors").fetchone()[0])
