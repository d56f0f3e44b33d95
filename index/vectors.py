"""Vectors that were computed once: no text is encoded twice by the same encoder.

Two layers: `shipped/*.npz`, committed so that a first start is quick, and a SQLite file in the data
folder. Keys are hashes of the encoder's name, the side and the text; a stale entry is never used.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from propcache.api import cached_property

from corpus.files import OperatorError

Vectors = NDArray[np.float32]
#: As vectors are kept in a built index: to be widened before they are reckoned with.
HalfVectors = NDArray[np.float16]
#: One number each: scores, probabilities, priors.
Floats = NDArray[np.float32]
SHIPPED = Path(__file__).parent / "shipped"
BATCH = 32


def mapped(path: Path) -> NDArray[Any]:
    """An array that is read from the disk as it is needed.

    As a plain array: each piece that is cut from a `np.memmap` is one again, which costs more than to read it.
    """
    return np.asarray(np.load(path, mmap_mode="r"))


def key(encoder: str, side: str, text: str) -> bytes:
    """16 bytes that name one text as one encoder sees it."""
    return hashlib.blake2b(f"{encoder}\0{side}\0{text}".encode(), digest_size=16).digest()


class CacheError(OperatorError):
    """A file of vectors cannot be read or written; the message says what to do."""


def shipped_keys(path: Path) -> set[bytes]:
    """What has its vector in a shipped file."""
    with np.load(path) as file:
        return {row.tobytes() for row in file["keys"]}


class VectorCache:
    """Base vectors by key. `path` is the SQLite file; it is made where it is missing. Raises CacheError."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        with self._open() as database:
            columns = "key BLOB PRIMARY KEY, vector BLOB, encoder TEXT"
            database.execute(f"CREATE TABLE IF NOT EXISTS vectors ({columns}) WITHOUT ROWID")
            if "encoder" not in {column for _, column, *_ in database.execute("PRAGMA table_info(vectors)")}:
                database.execute("ALTER TABLE vectors ADD COLUMN encoder TEXT")  # unknown of what was there: it is kept

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=60)) as database, database:
                yield database
        except sqlite3.Error as error:
            raise CacheError(
                f"{self.path} 读写不了（{error}）：请看看磁盘是不是满了、别的程序是不是正用着它；"
                "都不是，就删掉它再来一次，里面的向量会重新计算"
            ) from error

    @cached_property
    def _shipped(self) -> tuple[dict[bytes, int], Vectors]:
        keys: list[bytes] = []
        vectors = []
        for path in sorted(SHIPPED.glob("*.npz")):
            try:
                with np.load(path) as file:
                    keys += [row.tobytes() for row in file["keys"]]
                    vectors.append(file["vectors"].astype(np.float32) * file["scales"][:, None])
            except (ValueError, EOFError, KeyError, BadZipFile) as error:
                raise CacheError(
                    f"{path} 坏了：请重新取出仓库里的；或者删掉它再来一次，里面的向量会重新计算"
                ) from error
        table = np.concatenate(vectors) if vectors else np.zeros((0, 0), np.float32)
        return {k: i for i, k in enumerate(keys)}, table

    def known(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        """The vectors that are there, by key."""
        places, table = self._shipped
        wanted = set(keys)
        found = {k: table[places[k]] for k in wanted if k in places}
        missing = [k for k in wanted if k not in found]
        with self._open() as database:
            for start in range(0, len(missing), 500):
                some = missing[start : start + 500]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 only question marks
                for k, vector in database.execute(query, some):
                    found[k] = np.frombuffer(vector, np.float16).astype(np.float32)
        return found

    def store(self, keys: Sequence[bytes], vectors: Vectors, encoder: str) -> None:
        """Keep an encoder's vectors, float16 on disk; a batch is there whole or not at all."""
        rows = [(k, v.tobytes(), encoder) for k, v in zip(keys, vectors.astype(np.float16), strict=True)]
        with self._open() as database:
            database.executemany("INSERT OR REPLACE INTO vectors (key, vector, encoder) VALUES (?, ?, ?)", rows)

    def prune(self, encoders: Iterable[str]) -> None:
        """Remove what other encoders than these have computed, and give the room on the disk back."""
        names = list(encoders)
        marks = ",".join("?" * len(names))
        with self._open() as database:
            query = f"DELETE FROM vectors WHERE encoder NOT IN ({marks})"  # noqa: S608 only question marks
            removed = database.execute(query, names).rowcount
            database.commit()
            if removed:
                database.execute("VACUUM")

    def ship(self, keys: Sequence[bytes], path: Path) -> None:
        """Write known vectors to an npz file, 8 bits a number with one scale a vector."""
        found = self.known(keys)
        order = [k for k in dict.fromkeys(keys) if k in found]
        table = np.stack([found[k] for k in order])
        scales = np.abs(table).max(axis=1) / 127
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(".partial")  # renamed, so that no half of a file is ever shipped
        with partial.open("wb") as file:
            np.savez(
                file,
                keys=np.frombuffer(b"".join(order), np.uint8).reshape(len(order), 16),
                vectors=np.round(table / scales[:, None]).astype(np.int8),
                scales=scales.astype(np.float32),
            )
        partial.replace(path)

    def encode(
        self,
        texts: Sequence[str],
        encoder: str,
        side: str,
        compute: Callable[[list[str]], Vectors],
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Vectors:
        """Vectors of `texts`, shape (n, d): known ones looked up, the rest computed and kept.

        `progress` is told (done, total) of those that had to be computed, batch by batch, so a
        killed run goes on where it stopped.
        """
        keys = [key(encoder, side, t) for t in texts]
        found = self.known(keys)
        missing = [(k, t) for k, t in dict(zip(keys, texts, strict=True)).items() if k not in found]
        missing.sort(key=lambda pair: len(pair[1]))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            vectors = compute([t for _, t in batch])
            self.store([k for k, _ in batch], vectors, encoder)
            found.update(zip((k for k, _ in batch), vectors.astype(np.float16).astype(np.float32), strict=True))
            progress(min(start + BATCH, len(missing)), len(missing))
        return np.stack([found[k] for k in keys]) if keys else np.zeros((0, 0), np.float32)
