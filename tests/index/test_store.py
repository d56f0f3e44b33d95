"""What Chroma cannot give is told apart, in a sentence that says what to do."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shutil import rmtree

import numpy as np
import pytest

from index import store
from index.store import Store, StoreError


def test_what_is_missing_is_not_what_cannot_be_reached(tmp_path: Path) -> None:
    client = store.client(tmp_path)
    store.write(client, "articles", np.eye(2, dtype=np.float32))
    with pytest.raises(StoreError, match="--rebuild"):
        Store(store.client(tmp_path), "others")
    opened = Store(store.client(tmp_path), "articles")
    assert opened.search(np.eye(2, dtype=np.float32)[0], 1)[0].tolist() == [0]
    store.delete(client, "articles")  # as a later build does
    with pytest.raises(StoreError, match="--rebuild"):
        opened.search(np.eye(2, dtype=np.float32)[0], 1)
    assert opened.lost
    client.close()
    with pytest.raises(StoreError, match="BOT_CHROMA"):
        Store(client, "articles")


def test_what_is_opened_after_a_store_was_given_up_is_what_stands_there_now(tmp_path: Path) -> None:
    for size in (2, 3):
        client = store.client(tmp_path / "chroma")
        store.write(client, "articles", np.eye(size, dtype=np.float32))
        opened = Store(client, "articles")
        assert opened.count == size
        del opened
        rmtree(tmp_path / "chroma")


@pytest.mark.parametrize("how", ["lost", "not opened"])
def test_what_is_opened_after_a_store_failed_is_what_stands_there_now(tmp_path: Path, how: str) -> None:
    folder, vectors = tmp_path / "chroma", np.eye(3, dtype=np.float32)
    with closing(store.client(folder)) as client:
        store.write(client, "articles", vectors[:2])
        held = Store(store.client(folder), "articles") if how == "lost" else None
        store.delete(client, "articles")
    if held:
        with pytest.raises(StoreError):
            held.search(vectors[0], 1)
    else:
        with pytest.raises(StoreError) as kept:  # with all that stood on the way to the error
            Store(store.client(folder), "articles")
        assert kept
    rmtree(folder)
    with closing(store.client(folder)) as client:
        store.write(client, "articles", vectors)
    assert Store(store.client(folder), "articles").count == 3


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"x" * 5000)
    with pytest.raises(StoreError, match=f"{tmp_path}.*--rebuild"):
        store.client(tmp_path)
