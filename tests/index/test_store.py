"""What Chroma cannot give is told apart, in a sentence that says what to do."""

from __future__ import annotations

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
        Store(client, "others")
    opened = Store(client, "articles")
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


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"x" * 5000)
    with pytest.raises(StoreError, match=f"{tmp_path}.*--rebuild"):
        store.client(tmp_path)
