"""How alike a text and an article are: word for word, and by the words they share.

Plain arrays, built in well under a second, no model: what needs meaning is for a judge (see meant).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from propcache.api import cached_property
from rapidfuzz import fuzz

from corpus.citations import tables
from corpus.statutes import Article, Statutes

_KEEP = re.compile(r"[^\u4e00-\u9fff0-9]")
_STOP = re.compile(
    r"不够犯罪|不构成犯罪|构成犯罪|情节严重|可以处罚|追究刑事责任|承担责任|依法|可能|被罚|处理|处罚|定罪|要求|问|看|"
    r"的规定|之规定|明确规定|规定了|规定|根据|依据|依照|按照|违反|属于|应当|应该|可以|不得|不能|或者|以及|并且|如果|那么|这个|这样|就是|"
    r"我国|法律|我们|你们|他们|你的|我的|他的|有权|进行|相关|有关|情况|情形|行为|对方|当事人|自己|写明|写得|清楚|明白|说明|讲的|见|是|"
    r"了|着|就|也|都|还|很|的|要|会|把|被|让|给|跟|和|与|在|有|这|那|你|我|他|她|它"
)
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def plain(text: str) -> str:
    """Chinese characters and digits only: what comparisons look at."""
    return _KEEP.sub("", text)


def closeness(quote: str, text: str) -> float:
    """How closely some part of `text` follows `quote`, 0 to 100; both already plain.

    A quote that is longer than the text is compared with all of it.
    """
    if len(quote) <= len(text):
        return fuzz.partial_ratio(quote, text)
    return max(fuzz.ratio(quote, text), fuzz.partial_ratio(text, quote) * min(1.0, 1.5 * len(text) / len(quote)))


def shared(words: str, text: str) -> float:
    """The share of the pairs of characters in `words` that `text` has, 0 to 1; both already plain."""
    pairs = {a + b for a, b in pairwise(words)}
    return sum(pair in text for pair in pairs) / max(1, len(pairs))


def longest_run(words: str, text: str) -> int:
    """The length of the longest part of `words` that stands in `text`."""
    longest = 0
    for start in range(len(words)):
        while words[start : start + longest + 1] in text and start + longest < len(words):
            longest += 1
    return longest


@dataclass(frozen=True, slots=True)
class Scores:
    """Of a claim against every article of an index: `covered`, the weighted share of the claim's
    words that the article has (0 to 1), and `rank`, a BM25 score that does not favour long articles."""

    covered: Floats
    rank: Floats


class WordIndex:
    """Articles by their pairs of characters. Building takes about 0.2 s for 5,000 articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = list(articles)
        self.texts = [plain(a.text) for a in self.articles]
        self.where = {a.reference: i for i, a in enumerate(self.articles)}
        self.laws: dict[str, slice] = {}
        for i, article in enumerate(self.articles):
            known = self.laws.get(article.law)
            self.laws[article.law] = slice(known.start if known else i, i + 1)
        keys = _keys(self.texts)
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(first, append=len(keys))
        keys = keys[first]
        grams = keys // len(self.articles)
        self._owner = (keys % len(self.articles)).astype(np.int32)
        del keys
        self._grams, self._starts = np.unique(grams, return_index=True)
        self._stops = np.append(self._starts[1:], len(grams))
        lengths = np.array([max(1, len(t)) for t in self.texts], dtype=np.float64)
        frequency = (self._stops - self._starts).astype(np.float64)
        self._idf: Floats = np.log(1 + (len(self.articles) - frequency + 0.5) / (frequency + 0.5))
        norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        self._weight = (counts * 2.2 / (counts + norm[self._owner])).astype(np.float32)
        self._sets: dict[int, frozenset[int]] = {}
        self._rarest = float(np.log(1 + len(self.articles)))

    def pairs(self, row: int) -> frozenset[int]:
        """The different pairs of characters in an article."""
        if row not in self._sets:
            self._sets[row] = frozenset(_codes(self.texts[row]).tolist())
        return self._sets[row]

    def weights(self, codes: Codes) -> Floats:
        """How much each of these pairs of characters says, by how few articles have it."""
        at = np.minimum(np.searchsorted(self._grams, codes), len(self._grams) - 1)
        return np.where(self._grams[at] == codes, self._idf[at], 0.5 * self._rarest)

    def scores(self, codes: Codes) -> Scores:
        """Compare these pairs of characters with every article."""
        size = len(self.articles)
        if not len(codes):
            return Scores(np.zeros(size), np.zeros(size))
        at = np.minimum(np.searchsorted(self._grams, codes), len(self._grams) - 1)
        known = self._grams[at] == codes
        total = float(self._idf[at[known]].sum() + 0.5 * self._rarest * (~known).sum())
        at = at[known]
        lengths = self._stops[at] - self._starts[at]
        if not lengths.sum():
            return Scores(np.zeros(size), np.zeros(size))
        posting = np.arange(lengths.sum()) + np.repeat(self._starts[at] - np.cumsum(lengths) + lengths, lengths)
        idf = np.repeat(self._idf[at], lengths)
        owners = self._owner[posting]
        covered = np.asarray(np.bincount(owners, weights=idf, minlength=size) / max(total, 1e-9), np.float64)
        rank = np.asarray(np.bincount(owners, weights=idf * self._weight[posting], minlength=size), np.float64)
        return Scores(covered, rank)

    def nearest(self, scores: Floats, law: str | None, count: int) -> list[int]:
        """The `count` articles with the highest scores, of one law or of all, best first."""
        part = self.laws.get(law, slice(0, 0)) if law else slice(0, len(self.articles))
        window = scores[part]
        best = np.argpartition(-window, count)[:count] if count < len(window) else np.arange(len(window))
        return [int(i) + part.start for i in sorted(best.tolist(), key=lambda i: (-window[i], i))]


class Claim:
    """A text (any) that is compared with the articles of an index.

    What was found out stays with it, and nowhere else: it may be a person's, and goes when nobody holds it.
    """

    def __init__(self, index: WordIndex, text: str) -> None:
        self._index = index
        words, alternatives = expanded(text)
        self._codes = [_codes(words), *([_codes(alternatives)] if alternatives else [])]

    @cached_property
    def scores(self) -> Scores:
        """By every article."""
        covered, *others = map(self._index.scores, self._codes)
        if not others:
            return covered
        (other,) = others
        return Scores(np.maximum(covered.covered, other.covered), covered.rank + other.rank)

    def coverage(self, row: int) -> float:
        """`covered` of one article alone, at a fraction of the cost."""
        return self._cover(self._index.pairs(row))

    def coverage_in(self, text: str) -> float:
        """`covered` of a text of the law or of ours that is no article of the index, by the weights of its words there.

        It is kept in memory: no text of a person's.
        """
        return self._cover(_set(text))

    def _cover(self, own: frozenset[int]) -> float:
        return max(
            float(sum(weight for code, weight in pairs.items() if code in own)) / max(total, 1e-9)
            for pairs, total in self._weighed
        )

    @cached_property
    def _weighed(self) -> list[tuple[dict[int, float], float]]:
        """What each pair of characters says, and all: of its own words, and of the statutes' in their place, if any."""
        weighed = [(codes.tolist(), self._index.weights(codes)) for codes in self._codes]
        return [(dict(zip(codes, w.tolist(), strict=True)), float(w.sum())) for codes, w in weighed]


#: By the statutes, as long as these are held, the index of all of them (None) and of single laws.
_INDEXES: WeakKeyDictionary[Statutes, dict[str | None, WordIndex]] = WeakKeyDictionary()


def word_index(statutes: Statutes, law: str | None = None) -> WordIndex:
    """The index of a set of statutes, or of one law in it, kept for the next call."""
    indexes = _INDEXES.setdefault(statutes, {})
    if law not in indexes:
        indexes[law] = WordIndex(statutes.by_name[law].articles if law else tuple(statutes.articles()))
    return indexes[law]


def _codes(text: str) -> Codes:
    """The different pairs of characters in a text, sorted; a pair does not reach over punctuation."""
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    kept = ((chars >= 0x4E00) & (chars <= 0x9FFF)) | ((chars >= 0x30) & (chars <= 0x39))
    pairs = kept[:-1] & kept[1:]
    codes: Codes = np.unique((chars[:-1] * 65536 + chars[1:])[pairs])
    return codes


@lru_cache(maxsize=4096)
def _set(text: str) -> frozenset[int]:
    """The same as a set; of no text that a person wrote, since it is kept."""
    return frozenset(_codes(text).tolist())


def _keys(texts: Sequence[str]) -> Codes:
    """A number for every pair of characters in every text: the pair, then the text's place."""
    chars = np.frombuffer(" ".join(texts).encode("utf-32-le"), dtype=np.uint32)
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), [len(t) + 1 for t in texts])[: len(chars) - 1]
    keep = (chars[:-1] != 32) & (chars[1:] != 32)
    keys: Codes = chars[:-1][keep].astype(np.int64)
    keys *= 65536
    keys += chars[1:][keep]
    keys *= len(texts)
    keys += owners[keep]
    return keys


@lru_cache(maxsize=1)
def _lay() -> tuple[re.Pattern[str], dict[str, str]]:
    words = dict(tables.lay())
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))), words


def expanded(claim: str) -> tuple[str, str]:
    """The claim without empty words; the same with lay words turned into the statutes', empty if it has none."""
    pattern, words = _lay()
    swapped = pattern.sub(lambda m: f" {words[m[0]]} ", claim)
    bare = content(claim)
    return bare, content(swapped) if swapped != claim else ""


def content(claim: str) -> str:
    """A claim without the words that say nothing of its matter."""
    return _STOP.sub(" ", claim)
