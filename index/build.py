"""Building the index: whole or not at all, and only what is not there yet.

An index stands in a folder named by what it was made of (texts, encoder, settings). It is written
beside it and renamed when complete; a killed build leaves the old index whole and its vectors kept.
On a Chroma server each build writes a collection of its own; `made.json` has its name and the server.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Hashable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import get_args
from uuid import uuid4

import numpy as np
from langchain_core.documents import Document

from corpus.cards import Card, Verdict, load_cards
from corpus.files import OperatorError
from corpus.links import require_links
from corpus.reference import Reference
from corpus.replies import LabelledMessage, MessageKind, Reply, Situation, load_messages, load_replies
from corpus.statutes import Statutes
from index import lexical, odds, store
from index.chunks import (
    article_documents,
    lay_questions,
    named_together,
    question_documents,
    times_named,
    uncovered_documents,
)
from index.convert import converted
from index.crossencoder import FOLDER
from index.e5 import Side
from index.encoder import Encoder
from index.lexical import Lexical, grams
from index.lock import alone
from index.nearness import CitationFit, Means, Phrasings
from index.odds import Odds
from index.parts import Parts
from index.progress import Progress, silent
from index.settings import IndexSettings, law_of
from index.swap import replaced, restore, swap
from index.vectors import SHIPPED, CacheError, VectorCache, Vectors, key, shipped_keys

log = logging.getLogger(__name__)

#: How often a message counts for its kind beside a card's phrasing: one for which another kind of reply was written, or
#: that was written to teach the kinds.
MESSAGE_WEIGHT = 10.0
#: Vectors a file, about 3 MB; a full one is written anew when less than this part of them is needed.
SHIPPED_ROWS, NEEDED = 8000, 0.9
SIDES: dict[str, Side] = {"articles": "passage", "questions": "query"}  # how the shipped files are named
FORMAT = 21  # raise when the layout of the folder changes


class DamagedError(OperatorError):
    """A built index cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Material:
    """What an index of today's corpus is made of, and the name that this gives it.

    `named`: how many lay questions and cards name the article of each of `articles`. `together`: of each of these
    articles those that are named with it, and how often (`chunks.named_together`).
    """

    statutes: Statutes
    cards: tuple[Card, ...]
    replies: tuple[Reply, ...]
    messages: tuple[LabelledMessage, ...]
    articles: tuple[Document, ...]
    questions: tuple[Document, ...]
    uncovered: tuple[Document, ...]
    named: tuple[int, ...]
    together: Mapping[Reference, Mapping[Reference, float]]
    name: str

    def texts(self, *, side: Side) -> list[str]:
        """What is encoded on a side: chunks of articles; questions of situations, messages, uncovered questions."""
        if side == "passage":
            return [d.page_content for d in self.articles]
        asked = [d.page_content for d in self.questions] + [m.text for m in self.messages]
        return asked + [d.page_content for d in self.uncovered]

    @property
    def places(self) -> dict[Reference, list[int]]:
        """Where among `articles` the chunks of each article are."""
        places: dict[Reference, list[int]] = {}
        for place, document in enumerate(self.articles):
            places.setdefault(Reference(**document.metadata), []).append(place)
        return places

    @property
    def question_kinds(self) -> list[MessageKind]:
        """What each of `questions` calls for: its reply's kind, or an answer."""
        kinds = {reply.id: reply.kind for reply in self.replies}
        return [kinds.get(d.metadata["situation"], "answer") for d in self.questions]

    @property
    def question_verdicts(self) -> list[Verdict]:
        """The verdict of each of the cards' phrasings; they come first among `questions`."""
        verdicts = {card.id: card.verdict for card in self.cards}
        return [verdicts[d.metadata["situation"]] for d in self.questions if d.metadata["situation"] in verdicts]


def material(settings: IndexSettings, encoder: Encoder) -> Material:
    """Read the corpus and name the index it needs. Raises CorpusError."""
    statutes = law_of(settings)
    require_links(load_cards(), load_replies())
    cards, replies = tuple(load_cards().values()), tuple(load_replies().values())
    messages = load_messages()
    articles = tuple(article_documents(statutes))
    questions = tuple(question_documents((*cards, *replies)))
    known = {d.page_content for d in questions}
    asked = tuple(lay_questions())
    uncovered = tuple(d for d in uncovered_documents(cards, asked) if d.page_content not in known)
    times = times_named(cards, asked)
    references = [Reference(**d.metadata) for d in articles]
    named = tuple(times[reference] for reference in references)
    together = named_together(cards, asked, set(references))
    constants = (FORMAT, MESSAGE_WEIGHT, odds.LOOSENESS, odds.TEXTS, lexical.K1, lexical.B, store.CONFIGURATION)
    digest = hashlib.blake2b(f"{constants}\0{settings.chroma}\0{encoder.identity}\0{named}".encode(), digest_size=6)
    for card in cards:
        digest.update(f"\0{card.id}\0{card.verdict}\0{card.citations}".encode())
    for reply in replies:
        digest.update(f"\0{reply.id}\0{reply.kind}".encode())
    for document in (*articles, *questions, *uncovered):
        digest.update(f"\0{document.metadata}\0{document.page_content}".encode())
    for message in messages:
        digest.update(f"\0{message.kind}\0{message.text}".encode())
    name = f"{settings.scope}-{digest.hexdigest()}"
    return Material(statutes, cards, replies, messages, articles, questions, uncovered, named, together, name)


def build(
    settings: IndexSettings, encoder: Encoder, progress: Progress = silent, again: bool = False
) -> tuple[Material, Path]:
    """The folder of an index that matches the corpus, made if it is not there (or `again`).

    The cross-encoder is converted too: whoever opens the index may not be able to write.
    """
    converted("pair", FOLDER, settings.data)
    made_of = material(settings, encoder)
    folder = settings.data / "index" / made_of.name
    if again or not _in_use(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with alone(folder.parent / ".lock", "建索引"):
            restore(folder)
            if again or not _in_use(folder):  # another process may have built it meanwhile
                _make(made_of, settings, folder, encoder, progress)
    return made_of, folder


def _in_use(folder: Path) -> bool:
    """Note that an index is used, for which it is kept; False where there is none."""
    try:
        os.utime(folder)
    except FileNotFoundError:
        return False
    except OSError:  # a folder that can only be read
        pass
    return True


def _make(made_of: Material, settings: IndexSettings, folder: Path, encoder: Encoder, progress: Progress) -> None:
    """Build the index beside its place, put it there and remove what is no longer needed."""
    root = folder.parent
    for killed in root.glob("*.partial"):
        _discard(killed)
    partial = folder.with_suffix(".partial")
    partial.mkdir()
    made = {
        "encoder": encoder.identity,
        "base": [encoder.name(side) for side in get_args(Side)],
        "articles": len(made_of.articles),
        "questions": len(made_of.questions),
        "chroma": settings.chroma,
        "collection": f"{made_of.name}-{uuid4().hex}",
    }
    (partial / "made.json").write_text(json.dumps(made))
    cache = VectorCache(settings.data / "vectors.sqlite")
    articles = encoder.project(encode(cache, encoder, made_of, "passage", progress), task="document")
    # Left open by a failure, Chroma would hand the client of this build's deleted files to the next one.
    with closing(store.client(partial / "chroma", settings.chroma)) as client:
        store.write(client, collection(partial), articles)
    asked = encode(cache, encoder, made_of, "query", progress)
    fit_parts(made_of, encoder, articles, asked).save(partial)
    _discard(replaced(folder))
    swap(partial, folder)
    try:
        _tidy(root, settings.scope, cache)
    except (CacheError, OSError, ValueError) as error:  # the index stands all the same
        log.warning("what is no longer needed stays in %s: %s", root, error)


def _tidy(root: Path, scope: str, cache: VectorCache) -> None:
    """Remove indexes of a scope, all but the two used last, and vectors with which no index is made."""
    built = [folder for folder in root.glob(f"{scope}-*") if folder.suffix != replaced(folder).suffix]
    for folder in sorted(built, key=lambda f: f.stat().st_mtime)[:-2]:
        _discard(folder)
        _discard(replaced(folder))
    standing = [json.loads(path.read_text()) for path in root.glob("*/made.json")]
    cache.prune({name for one in standing for name in one.get("base", ())})


def fit_parts(made_of: Material, encoder: Encoder, articles: Vectors, asked: Vectors) -> Parts:
    """What search needs beside Chroma, from the articles' vectors and the base vectors of all that is asked."""
    phrased, known = len(made_of.questions), len(made_of.questions) + len(made_of.messages)
    questions, uncovered = (encoder.project(some, task="question") for some in (asked[:phrased], asked[known:]))
    meant = [d.metadata["situation"] for d in made_of.questions]
    kinds = [*made_of.question_kinds, *(m.kind for m in made_of.messages)]
    counted = [1.0 if kind == "answer" else MESSAGE_WEIGHT for kind in made_of.question_kinds]
    counted += [MESSAGE_WEIGHT] * len(made_of.messages)
    verdicts = made_of.question_verdicts
    situations: list[Situation] = [*made_of.cards, *made_of.replies]
    return Parts(
        chunks=articles.astype(np.float16),
        chunk_grams=Lexical.build([grams(d.page_content) for d in made_of.articles]),
        prior=np.log1p(np.array(made_of.named, np.float32)),
        cited=cited(made_of, articles),
        means=Means.fit(questions, meant),
        phrasings=Phrasings.fit(questions, meant),
        situation_grams=Lexical.build([grams("\n".join((s.title, *s.questions))) for s in situations]),
        uncovered=Means.fit(uncovered, [d.metadata["matter"] for d in made_of.uncovered]),
        kinds=Odds.fit(asked[:known], kinds, counted, made_of.texts(side="query")[:known]),
        verdicts=Odds.fit(asked[: len(verdicts)], verdicts),
    )


def cited(made_of: Material, vectors: Vectors) -> CitationFit:
    """The articles that each card cites, by the vectors (n, d) of all chunks of articles."""
    places = made_of.places
    by_card = {card.id: [c.article for c in card.citations] for card in made_of.cards}
    chunks: dict[Hashable, Vectors] = {a: vectors[places.get(a, [])] for some in by_card.values() for a in some}
    return CitationFit.fit(by_card, chunks)


def read(folder: Path, server: str) -> tuple[store.Store, Parts]:
    """What stands in the folder of a built index, open, with the vectors on its Chroma server if it has one.

    Raises DamagedError, StoreError.
    """
    try:
        name, parts = collection(folder), Parts.open(folder)
    except Exception as error:  # what numpy, zip files, JSON and bm25s make of a file that was cut short
        if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
            raise  # told by whoever runs the command
        raise DamagedError(f"{folder} 里的文件坏了：请运行 python -m index build --rebuild") from error
    return store.Store(store.client(folder / "chroma", server), name), parts


def collection(folder: Path) -> str:
    """The Chroma collection of the articles of the index in a folder."""
    return str(json.loads((folder / "made.json").read_text())["collection"])


def _discard(folder: Path) -> None:
    """Remove an index, whole or half made, and what it has on a Chroma server that can still be reached."""
    # without a name where it was killed at its very beginning or made by an earlier version
    with suppress(OSError, KeyError, TypeError, ValueError, store.StoreError):
        if server := json.loads((folder / "made.json").read_text())["chroma"]:
            with closing(store.client(folder, server)) as client:
                store.delete(client, collection(folder))
    shutil.rmtree(folder, ignore_errors=True)


def ship(settings: IndexSettings, encoder: Encoder) -> list[Path]:
    """Write the vectors of today's corpus into the repository, so that a fresh clone starts at once.

    A full file stays as it is while nearly all that it has is needed, since git keeps every version. Returns all files.
    """
    made_of = material(settings, encoder)
    cache = VectorCache(settings.data / "vectors.sqlite")
    standing = []
    for kind, side in SIDES.items():
        encode(cache, encoder, made_of, side, silent)
        name = encoder.name(side)  # reads the weights
        wanted = dict.fromkeys(key(name, side, text) for text in made_of.texts(side=side))
        kept = {}
        for path in SHIPPED.glob(f"{kind}-*.npz"):
            keys = wanted.keys() & shipped_keys(path)
            if len(keys) >= NEEDED * SHIPPED_ROWS:
                kept[path] = keys
        new = [k for k in wanted if not any(k in keys for keys in kept.values())]
        free = (path for part in count(1) if (path := SHIPPED / f"{kind}-{part}.npz") not in kept)
        for start, path in zip(range(0, len(new), SHIPPED_ROWS), free, strict=False):
            cache.ship(new[start : start + SHIPPED_ROWS], path)
            standing.append(path)
        standing += kept
    for stale in set(SHIPPED.glob("*.npz")) - set(standing):
        stale.unlink()
    return sorted(standing)


def encode(cache: VectorCache, encoder: Encoder, made_of: Material, side: Side, progress: Progress) -> Vectors:
    """The base vectors of all texts of a side, those that are not kept computed."""
    label = "法条" if side == "passage" else "问法"
    return cache.encode(
        made_of.texts(side=side),
        encoder.name(side),
        side,
        lambda texts: encoder.base(texts, side=side),
        lambda done, total: progress(label, done, total),
    )
