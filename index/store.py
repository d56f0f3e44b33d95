"""The vectors in Chroma: inside the process, or on a server by one setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit
from weakref import finalize

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import InternalError, NotFoundError

from corpus.files import OperatorError
from index.vectors import Vectors

#: HNSW over inner products of unit vectors; the search width keeps recall near exact.
CONFIGURATION: CreateCollectionConfiguration = {
    "hnsw": {"space": "ip", "ef_construction": 200, "ef_search": 200, "max_neighbors": 24}
}


class StoreError(OperatorError):
    """Chroma cannot be reached or does not hold the index; the message says what to do."""


def client(folder: Path, server: str = "") -> Client:
    """A client for the folder, or for `server` (http://host:port). Raises StoreError."""
    quiet = ChromaSettings(anonymized_telemetry=False)
    if not server:
        try:
            return cast(Client, chromadb.PersistentClient(path=str(folder), settings=quiet))
        except InternalError as error:
            raise StoreError(f"{folder} 坏了：请运行 python -m index build --rebuild") from error
    address = urlsplit(server)
    try:
        found = chromadb.HttpClient(
            host=address.hostname or "",
            port=address.port or (443 if address.scheme == "https" else 8000),
            ssl=address.scheme == "https",
            settings=quiet,
        )
    except Exception as error:  # the client raises what its HTTP library raises
        raise StoreError(f"连不上 Chroma 服务器 {server}：请检查 BOT_CHROMA，或留空使用内置的") from error
    return cast(Client, found)


def write(to: ClientAPI, name: str, vectors: Vectors) -> None:
    """Make a collection of vectors (n, d). The id of each is its place. Raises StoreError."""
    own = deepcopy(CONFIGURATION)  # Chroma adds to what it is given
    with _explained(name):
        collection = to.create_collection(name, configuration=own)
        step = to.get_max_batch_size()
        for start in range(0, len(vectors), step):
            some = vectors[start : start + step]
            collection.add(ids=[str(start + i) for i in range(len(some))], embeddings=some)


def delete(of: ClientAPI, name: str) -> None:
    """Remove a collection, if it is there. Raises StoreError."""
    with _explained(name), suppress(NotFoundError):
        of.delete_collection(name)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """What Chroma cannot give or take of a collection, as a StoreError."""
    try:
        yield
    except NotFoundError as error:
        raise StoreError(f"Chroma 里没有 {name}：请运行 python -m index build --rebuild") from error
    except Exception as error:  # as in `client`
        raise StoreError(
            f"读写不了 Chroma 里的 {name}：请看看磁盘是不是满了，检查 BOT_CHROMA 的服务器，或留空使用内置的"
        ) from error


class Store:
    """One collection, opened for search, with its client.

    The client is closed when nobody has the store any more, when it is `lost` or cannot be opened: Chroma would hand
    what an open one holds to whoever opens the place next. `lost` once a search has failed: it has to be opened anew.
    """

    def __init__(self, of: Client, name: str) -> None:
        """Raises StoreError."""
        self.name, self.lost = name, False
        self._close = finalize(self, of.close)
        try:
            with _explained(name):
                self._collection = of.get_collection(name, embedding_function=None)
                self.count = self._collection.count()
        except StoreError:
            self._close()
            raise

    def search(self, vector: Vectors, k: int) -> tuple[np.ndarray, Vectors]:
        """The places of the `k` nearest and their cosine similarities, best first. Raises StoreError."""
        try:
            with _explained(self.name):
                found = self._collection.query(
                    query_embeddings=np.asarray(vector)[None], n_results=min(k, self.count), include=["distances"]
                )
        except StoreError:
            self.lost = True
            self._close()
            raise
        places, distances = found["ids"][0], (found["distances"] or [[]])[0]
        return np.array([int(place) for place in places], np.int64), 1 - np.asarray(distances, np.float32)
