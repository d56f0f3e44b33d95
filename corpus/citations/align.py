"""Where did each article of an older version go? For those who extend superseded.toml.

    python -m corpus.citations.align OLD LAW [--as-of DATE] [--all]

OLD is a file as `corpus.sources` reads them (docx, txt, md; not part of this repository), or
LAW@DATE for a version that the data package holds (仲裁法@2017-09-01). LAW is the statute in force.
Prints an entry of TOML, `42 = ["50"]`, with a remark for every line that a person should look at;
numbers only, no text. Lines that moved against the order of the law are marked 顺序.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from corpus import terminal
from corpus.citations.likeness import plain
from corpus.reference import Reference
from corpus.sources import RawArticle, SourceError, folder_texts, package_texts
from corpus.statutes import load

# Likenesses are 0 to 100.
SAME, PART = 62.0, 58.0  # from which a whole article, a part of one, is found again
TIED = 3.0  # so little behind, a part is of the article that is like the whole
CHANGED = 70.0  # below it a person should look at the words
SHARE = 0.25  # of the old article, from which a new one is named


@dataclass(frozen=True, slots=True)
class Move:
    """An old article, where it is now (best first), how alike the two are (0-100), and remarks."""

    old: str
    new: tuple[str, ...]
    likeness: float
    remarks: tuple[str, ...]


def align(old: Sequence[RawArticle], new: Sequence[RawArticle]) -> list[Move]:
    """One Move for every article of `old`, in order; `new` is () where nothing like it remains.

    Whole articles are compared first, then their paragraphs and items one by one, so that an
    article that was split or merged names all the articles that hold its parts.
    """
    whole = process.cdist([plain(a.text) for a in old], [plain(a.text) for a in new], scorer=fuzz.ratio)
    units = [(j, unit) for j, article in enumerate(new) for unit in _units(article.text)]
    moves: list[Move] = []
    for article, alike in zip(old, whole, strict=True):
        shares = _shares(article, alike, units)
        kept = sorted((j for j in shares if shares[j] >= SHARE), key=lambda j: -shares[j])
        remarks = [] if len(kept) == 1 else [f"分到{len(kept)}条" if kept else "没有对应"]
        likeness = float(alike[kept[0]] if kept else alike.max())
        if kept and likeness < CHANGED:
            remarks.append(f"改动大 {likeness:.0f}")
        moves.append(Move(_key(article), tuple(_key(new[j]) for j in kept), likeness, tuple(remarks)))
    return _ordered(moves, [_key(a) for a in new])


def _shares(article: RawArticle, alike: np.ndarray, units: Sequence[tuple[int, str]]) -> dict[int, float]:
    """How much of an old article each new one has, by its place; `alike` (n,), the old one's likeness to each whole."""
    best = int(alike.argmax())
    shares: dict[int, float] = {best: alike[best] / 100} if alike[best] >= SAME else {}
    of_best = [n for n, (j, _) in enumerate(units) if j == best]
    parts = _units(article.text)
    length = sum(map(len, parts)) or 1
    for part, row in zip(parts, process.cdist(parts, [u for _, u in units], scorer=fuzz.ratio), strict=True):
        nearest = int(row.argmax())
        if row[nearest] >= PART:
            target = best if row[of_best].max(initial=0) >= row[nearest] - TIED else units[nearest][0]
            shares[target] = shares.get(target, 0.0) + len(part) / length
    return shares


def _ordered(moves: list[Move], order: Sequence[str]) -> list[Move]:
    """Mark the moves that run against the order of the law."""
    rank = {key: i for i, key in enumerate(order)}
    places = [rank[m.new[0]] if m.new else None for m in moves]
    out = []
    for i, move in enumerate(moves):
        before = [p for p in places[max(0, i - 4) : i] if p is not None]
        after = [p for p in places[i + 1 : i + 5] if p is not None]
        place = places[i]
        strange = place is not None and (sum(p > place for p in before) >= 2 or sum(p < place for p in after) >= 2)
        out.append(Move(move.old, move.new, move.likeness, (*move.remarks, *(["顺序"] if strange else []))))
    return out


def _key(article: RawArticle) -> str:
    return Reference("", article.number, article.suffix).key


def _units(text: str) -> list[str]:
    return [unit for line in text.split("\n") if len(unit := plain(line)) >= 10]


def old_articles(source: str) -> tuple[str, Sequence[RawArticle]]:
    """(date adopted, articles) of LAW@DATE or a file. Raises SourceError."""
    law, _, day = source.partition("@")
    if day:
        texts = {text.label: text.articles for text in package_texts() if text.name == law}
        if source not in texts:
            raise SourceError(f"数据包里没有 {source}，有的是：{'、'.join(texts) or '没有这部法律'}")
        return day, texts[source]
    path = Path(source)
    if not path.is_file():
        raise SourceError(f"没有这个文件：{source}")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        text = folder_texts(Path(folder))[0]
    named = re.search(r"\d{4}-\d\d-\d\d", path.stem)  # 治安管理处罚法(2012-10-26).md
    return named[0] if named else text.adopted.isoformat(), text.articles


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m corpus.citations.align", description=__doc__)
    parser.add_argument("old")
    parser.add_argument("law")
    parser.add_argument("--as-of", type=date.fromisoformat, default=None)
    parser.add_argument("--all", action="store_true", help="也列出条号没有变的")
    arguments = parser.parse_args(argv)
    return terminal.run(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    day, old = old_articles(arguments.old)
    statute = load("all", arguments.as_of).by_name.get(arguments.law)
    if statute is None:
        raise SourceError(f"没有《{arguments.law}》")
    new = [RawArticle(a.number, a.suffix, a.text, a.path) for a in statute.articles]
    until = (statute.in_force_from or statute.adopted) - timedelta(days=1)
    print(f'[[version]]\nlaw = "{statute.name}"\nadopted = [{day}]\nuntil = {until}\nbasis = "texts"')
    print(f'last = "{_key(old[-1])}"\n[version.now]')
    for move in align(old, new):
        if arguments.all or move.new != (move.old,):
            remark = f"  # {'；'.join(move.remarks)}" if move.remarks else ""
            print(f"{move.old} = {json.dumps(move.new)}{remark}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
