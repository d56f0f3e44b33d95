"""Does the article carry what the text says of it? Evidence is weighed against the articles of the law.

Three kinds of evidence, the stronger first: words that are quoted, words that are copied without
marks, and the claim, by its own words and by its meaning where there is a judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from corpus.cards import load_cards
from corpus.citations.changes import Change, changed
from corpus.citations.claimed_figures import missing, penalty
from corpus.citations.contradiction import contradiction
from corpus.citations.evidence import Evidence
from corpus.citations.law_names import Names
from corpus.citations.likeness import WordIndex, closeness, content, expanded, longest_run, plain, shared, word_index
from corpus.citations.named_rules import without_crimes
from corpus.citations.pins import pointed_at, right_pin
from corpus.reference import Reference
from corpus.statutes import Article, Statutes

# How sure is sure: calibrated on the dev half of tests/corpus/citations.jsonl, see benchmarks/cases.py.
# Closeness is 0 to 100, see likeness; lengths are in characters of `plain`.
TIED = 2.5  # articles so little behind the closest one are named with it
NAMED = 3  # … so many at most

# Words in quotation marks
QUOTE_PIECE = 6  # a part of a quotation, between ellipses, that is compared by itself
QUOTE_SHORT, QUOTE_LONG = 15, 60  # fewer may stand in many laws; so many are hardly another's
QUOTE_EXACT = 97.0  # a quote this close to the cited article is its quote, whatever else is like it
QUOTE_OK = 85.0  # … a long one this close, or any where no other is closer
QUOTE_FAR = 72.0  # this far from it it may be another's
QUOTE_LEAD, QUOTE_LEAD_FAR = 12.0, 15.0  # … if it is this much closer to the other; where it is far
QUOTE_FOUND = 93.0  # … and this close to the other
QUOTE_FOUND_FAR, QUOTE_FOUND_FAR_SHORT = 72.0, 92.0  # … where it is far, and short
QUOTE_LIKE, QUOTE_BEHIND = 65.0, 5.0  # this close, and no further behind any other, it is a loose quote
OLD_QUOTE, OLD_QUOTE_LEAD, OLD_QUOTE_BEHIND = 50.0, 10.0, 12.0  # the same for an older version's article

# Words of the law without quotation marks
COPY_OK = 75.0  # a sentence this close to the cited article is its own
COPIED = 86.0  # … this close to an article it is a copy of it
COPY_FAR, COPY_LEAD, COPY_SHORTEST = 62.0, 30.0, 14  # … another's, if it is so far, so much closer there, so long
OLD_COPY, OLD_COPY_LEAD = 62.0, 15.0  # the same for an older version's article
TWIN, TWIN_LEAD, TWIN_LIKE = (
    0.9,
    0.1,
    0.4,
)  # share of its pairs of characters, and lead, by which it is of one of two like articles
CARRIED_QUOTE, CARRIED_SHORTEST = 72.0, 10  # closeness and length that show where the words of a lost number are

# A claim, by its own words
CLAIM_SHORTEST = 5  # characters of it that say something
CLAIM_FLAGGED = 8  # … before an article may be called wrong for it
CLAIM_OLD = 7  # … before it is an older version's
CLAIM_WIDE = 12  # … before it is sought in other laws
CLAIM_WORDS = 4  # characters of a word in quotation marks, or of the 款 or 项 cited, that settles it
CLAIM_LITERAL = 6  # … of a whole claim that stands in the article letter by letter
CLAIM_RUN = 4  # … in a row that the claim shares with it, and no other article has more of: not another's
CLAIM_RUN_SHARE = 0.4  # … as a share of it
SUPPORTED = 0.45  # share of a claim's words in the cited article that settles it
STANDS = 0.6  # … its score's against the best one's
CARRIED = 0.5  # share that another article must have to be said to carry the claim
FAR = 0.25  # the cited article's score against the best one's, below which it does not carry it
AVERAGE = 0.5  # … or its standing among the articles of its law, in standard deviations
CARRIED_GENERAL = 0.7  # … where the cited article is a general provision, which a special case may rest on
FAR_WIDE, CARRIED_WIDE = 0.2, 0.6  # the same two against all statutes at once
CLEAR = 3.5  # the best article's standing, in standard deviations
AMONG_BEST = 0.7  # share of the best score that is as good
AMONG_CARRIERS = 0.85  # … for articles that are named as carrying it
OTHER_LAW, RELIED_ON = 0.85, 1.1  # what another law's article weighs, and one that cards rely on
OLD_CARRIED, OLD_LEAD, OLD_TIMES = 0.3, 0.12, 2  # share, lead and multiple that an older version's article must have

# A claim, by its meaning
JUDGED_WORDS = 4  # characters that a claim must have for a judge
JUDGED_NEAR = 0.1  # so little behind the nearest article by a judge's cosine, the cited one speaks of what is claimed
JUDGED_APART = 0.27  # so far behind it does not
JUDGED_DOUBT = 0.37  # … where its words are like the claim's, only facts are told, or it is a general provision
JUDGED_OLD = 0.12  # … where the nearest article is what an older version had under that number
JUDGED_SURE = 0.5  # so near must some article be, for the judge to know what is claimed at all
JUDGED_NAMED, JUDGED_NAMED_WORDS = 0.65, 0.2  # … and so near, or with such a share of its words, to be named for it
JUDGED_CONTRARY = 0.0005  # with a lower probability the one article cited does not carry the claim, near as it is
JUDGED_CAREFUL = 0.005  # … with a lower one a reader is asked to compare them
JUDGED_ABOUT = 0.2  # … where the article is so little behind the nearest, or a general provision
JUDGED_MOST = 300  # claims of a text are judged by meaning, the rest by words: each costs some encodings
JUDGED_OWN = 0.1  # what an article of the cited law has ahead of another law's

DIFFERS = "引文和现行条文的字句不完全一样，请对照原文。"
_NOT_ITS_WORDS = "引号里的话不是现行条文的原话，请对照原文。"
_COMPARE = "请和原文对照：这句话可能把意思说反了，或者多说、少说了条件。"
_ELLIPSIS = re.compile(r"…+|\.{3,}|——")
_SHORT = re.compile(r"[“「『]([^“”「」『』]{4,40})[”」』]")
_MARKS = re.compile('[“”「」『』‘’"]')


class Judge(Protocol):
    """Judges by meaning: nearness, on the scale of a cosine, and whether a text carries what is claimed of it."""

    def similar(self, claim: str, law: str | None, k: int) -> Sequence[tuple[Reference, float]]:
        """The k articles nearest in meaning to a claim, of one law or (None) of all it knows, best first."""

    def score(self, claim: str, reference: Reference) -> float | None:
        """How near one article is; None where it does not know the article."""

    def carried(self, claim: str, provision: str) -> float | None:
        """The probability that a provision, by its text, carries a claim: not its contrary, nor more than it says.

        None where it cannot tell.
        """


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evidence says of the articles cited; open where neither of the first two is set.

    supported  they carry it
    moved      these carry it, best first, and the cited ones do not
    apart      the cited ones do not carry it, and no other is near enough to be named
    contrary   the one cited speaks of it, but does not say so
    sure       … by words of the law that stand in the text, not by a claim: these, letter by letter, where supported
    change     a copy of the law that they carry has another meaning, None where there is none
    note       a remark for the reader, in Chinese, empty where there is none
    """

    supported: bool = False
    moved: tuple[Reference, ...] = ()
    apart: bool = False
    contrary: bool = False
    sure: bool = False
    change: Change | None = None
    note: str = ""


_UNSURE = Assessment()


class Verifier:
    """Weighs the evidence of one text. Asks `judge`, where there is one, for the first JUDGED_MOST claims."""

    def __init__(self, statutes: Statutes, names: Names, judge: Judge | None) -> None:
        self._names, self._judge = names, judge
        self._everywhere = word_index(statutes)
        self._judged = 0
        self._seen: dict[tuple[tuple[Reference, ...], tuple[Reference, ...], Evidence], Assessment] = {}

    def article(self, reference: Reference) -> Article:
        """An article that is held."""
        (article,) = self._articles([reference])
        return article

    def assess(self, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence) -> Assessment:
        """Whether the articles `cited` carry what is quoted, copied or claimed.

        `old` are those that have today what older versions had under the number cited, see Resolved.
        """
        key = cited, old, evidence
        if key not in self._seen:
            assessment = self._weigh(cited, old, evidence)
            silent = not (
                assessment.moved
                or assessment.apart
                or assessment.contrary
                or assessment.change
                or assessment.note
                or evidence.quotes
            )
            told = any(word not in article.text for word in evidence.told for article in self._articles(cited))
            if silent and not told and evidence.single and (figure := missing(evidence.primary, self._articles(cited))):
                assessment = replace(assessment, note=f"现行条文里没有“{figure}”，请核对数字。")
            self._seen[key] = assessment
        return self._seen[key]

    def carriers(self, laws: Sequence[str], evidence: Evidence) -> tuple[Reference, ...]:
        """The articles that carry what is said, where the number cited leads nowhere; () where none shows.

        The first of `laws` whose text is held is searched first: what took a repealed law's place, or the law cited.
        """
        law = next((name for name in laws if name in self._names.held), None)
        if law is None:
            return ()
        index = self._index(law)
        best: tuple[float, tuple[Reference, ...]] = (0.0, ())
        for words in (*evidence.quotes, *evidence.copied):
            compared = plain(words)
            scored = _ranked((closeness(compared, text), r) for r, text in self._candidates(words, law, ()))
            closest = scored[0][0] if scored else 0.0
            if closest >= CARRIED_QUOTE and closest > best[0] and len(compared) >= CARRIED_SHORTEST:
                best = closest, _tied(scored, law)
        if not best[1] and evidence.single and len(plain(content(evidence.primary))) >= CLAIM_SHORTEST:
            scores = index.scores(evidence.primary)
            rows = index.nearest(scores.rank, law, 2)
            if rows and scores.covered[rows[0]] >= CARRIED:
                best = (0.0, (index.articles[rows[0]].reference,))
        return best[1]

    def _weigh(self, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence) -> Assessment:
        """Words that are quoted, if any, then those around them."""
        words = evidence.set_out if evidence.quotes else (evidence.primary,)
        if pinned := self._pinned(cited, words):
            return pinned
        if evidence.quotes and (quoted := self._quoted(cited, old, evidence)):
            return quoted
        if not evidence.set_out:
            return self._by_words(cited, old, evidence)
        assessment = self._pinned(cited, (evidence.primary,)) or self._by_words(cited, old, evidence)
        wrong = assessment.moved or assessment.apart or assessment.contrary
        return assessment if wrong else replace(assessment, note=_NOT_ITS_WORDS)

    def _by_words(self, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence) -> Assessment:
        """What stands around it without quotation marks: a penalty, names, copied sentences, the claim."""
        one = self._only(cited)
        named = self._named(cited, old, evidence)
        if named and named.moved and any(rule.is_crime for rule in evidence.named):
            return named
        if one and evidence.single and (change := penalty(evidence.primary, one)):
            return Assessment(change=change)
        copied = self._copies(cited, old, evidence)
        if one and evidence.single and (change := self._contradicted(cited, one, evidence)):
            return copied if copied and copied.moved else Assessment(change=change)
        if self._literal(cited, evidence):
            return Assessment(supported=True)
        if named and named.moved:
            return named
        if copied:
            return copied
        if named:
            return named
        evidence = self._beyond_crimes(cited, evidence)
        if not evidence.single or len(plain(content(evidence.primary))) < CLAIM_SHORTEST:
            return _UNSURE
        return self._claimed(cited[0].law, cited, old, evidence)

    def _literal(self, cited: tuple[Reference, ...], evidence: Evidence) -> bool:
        """Whether the claim is words of the article letter by letter, punctuation aside: 追逐拦截辱骂恐吓他人."""
        claims = [words for c in evidence.contexts if len(words := _bare(c)) >= CLAIM_WORDS]
        for reference, article in zip(cited, self._articles(cited), strict=True):
            pinned = reference.paragraph or reference.item
            there = [_bare(text) for text in (pointed_at(article, reference) if pinned else [article.text])]
            least = CLAIM_WORDS if pinned else CLAIM_LITERAL
            if any(words in text for words in claims if len(words) >= least for text in there):
                return True
        return False

    def _beyond_crimes(self, cited: tuple[Reference, ...], evidence: Evidence) -> Evidence:
        """The evidence without the names of crimes, where an article that defines none is cited.

        There a crime says whose case it is: 敲诈勒索罪未遂, 诈骗罪报案. What is claimed is the rest.
        """
        law = cited[0].law
        if law == "刑法" and not self._general(cited):
            return evidence
        bare = law in ("刑法", "刑事诉讼法")
        contexts = tuple(without_crimes(one, bare=bare) for one in evidence.contexts)
        return replace(evidence, primary=without_crimes(evidence.primary, bare=bare), contexts=contexts)

    def _pinned(self, cited: tuple[Reference, ...], words: Sequence[str]) -> Assessment | None:
        """Words of another 款 or 项 of the one article cited."""
        one = self._only(cited)
        pin = right_pin(one, cited, words) if one else None
        return Assessment(moved=(pin,), sure=True) if pin else None

    def _named(self, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence) -> Assessment | None:
        """What the name of a crime or rule beside the citation says; None where there is none, or it may be used so."""
        articles = self._articles(cited)
        if any(one in m.articles for m in evidence.named for one in (a.reference for a in articles)):
            return Assessment(supported=True)
        away = [m for m in evidence.named if not any(m.may_stand_at(article) for article in articles)]
        if not away or len(away) < len(evidence.named):
            return None
        general, rule = self._general(cited), self._general(away[0].articles)
        apart = general != rule if cited[0].law == "刑法" else general and not rule
        apart = apart and not any(r in old for r in away[0].articles)
        return None if apart else Assessment(moved=away[0].articles[:NAMED])

    def _quoted(
        self, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence
    ) -> Assessment | None:
        """What the words in quotation marks say; None where they are not words of the law at all."""
        quotes, law = evidence.quotes, cited[0].law
        pieces = [p for q in quotes for p in _ELLIPSIS.split(q) if len(plain(p)) >= QUOTE_PIECE] or list(quotes)
        words = [plain(p) for p in pieces]
        length = sum(map(len, words))

        def near(candidates: Sequence[str]) -> float:
            return sum(max(closeness(w, t) for t in candidates) * len(w) for w in words) / max(1, length)

        quote = _Quote(near(self._texts(cited)), length)
        change = changed("\n".join(evidence.set_out), self._articles(cited)) if quote.here < 100 else None
        if not change and quote.is_own():
            return Assessment(supported=True, sure=quote.here >= QUOTE_EXACT)
        scored = _ranked((near([text]), r) for r, text in self._candidates(" ".join(pieces), law, old, cited))
        best = scored[0][0] if scored else 0.0
        for closest, reference in scored:
            if reference in old and quote.is_old(closest, best):
                return Assessment(moved=(reference,), sure=True)
        if quote.is_anothers(best) or (change and quote.is_twins(best)):
            return Assessment(moved=_tied(scored, law), sure=True)
        if change:
            return Assessment(change=change)
        if quote.here >= QUOTE_OK:
            return Assessment(supported=True)
        return Assessment(supported=True, note=DIFFERS) if quote.is_loose(best) else None

    def _copies(
        self, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence
    ) -> Assessment | None:
        """What the first of the copied sentences says that says anything."""
        for sentence in evidence.copied:
            near = () if sentence == evidence.alone else evidence.near
            if assessment := self._copied(cited, old, sentence, near):
                return assessment
        return None

    def _copied(
        self, cited: tuple[Reference, ...], old: tuple[Reference, ...], sentence: str, near: tuple[Reference, ...]
    ) -> Assessment | None:
        """Words of the law without quotation marks."""
        words, law = plain(sentence), cited[0].law
        here = max(closeness(words, text) for text in self._texts(cited))
        if here < QUOTE_EXACT and (twins := self._twins(words, cited, near)):
            return Assessment(moved=twins, sure=True)
        if here >= COPY_OK:
            near_copy = COPIED <= here < 100 and not _MARKS.search(sentence)
            change = changed(sentence, self._articles(cited), swaps=True) if near_copy else None
            return Assessment(supported=change is None, sure=change is None and here >= QUOTE_EXACT, change=change)
        candidates = self._candidates(sentence, law, old, cited, 4)
        scored = _ranked((closeness(words, text), r) for r, text in candidates)
        if not scored or scored[0][1] in near:
            return None  # the neighbour's words
        for closest, reference in scored:
            if reference in old and closest >= OLD_COPY and closest - here >= OLD_COPY_LEAD:
                return Assessment(moved=(reference,), sure=True)
        best = scored[0][0]
        if best >= COPIED and best - here >= COPY_LEAD and here < COPY_FAR and len(words) >= COPY_SHORTEST:
            return Assessment(moved=_tied(scored, law), sure=True)
        return None

    def _twins(self, words: str, cited: tuple[Reference, ...], near: tuple[Reference, ...]) -> tuple[Reference, ...]:
        """Articles that have nearly all of the words, where the articles cited read alike but have fewer of them."""
        own = max(shared(words, text) for text in self._texts(cited))
        if len(words) < COPY_SHORTEST or not TWIN_LIKE <= own <= 1 - TWIN_LEAD:
            return ()
        law = cited[0].law
        having = _ranked((shared(words, text), r) for r, text in self._candidates(words, law, (), cited, 4))
        if not having or having[0][1] in near or having[0][0] < max(TWIN, own + TWIN_LEAD):
            return ()
        return _tied([(100 * share, r) for share, r in having], law)

    def _contradicted(self, cited: tuple[Reference, ...], article: Article, evidence: Evidence) -> Change | None:
        """Another figure or the contrary of a word, in the claim, of what the provision cited speaks of."""
        pinned = cited[0].paragraph or cited[0].item
        passages = [text for r in cited for text in pointed_at(article, r)] if pinned else [article.text]
        for n, claim in enumerate(evidence.contexts):
            if change := contradiction(claim, article, passages, pinned=bool(pinned), clear=n > 0 and not pinned):
                copies = (changed(sentence, [article], swaps=True) for sentence in evidence.copied)
                return next(filter(None, copies), change)
        return None

    def _claimed(
        self, law: str, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence
    ) -> Assessment:
        """By the words of the claim, and by its meaning where there is a judge."""
        worded = self._worded(law, cited, old, evidence)
        if self._judge is None or self._judged >= JUDGED_MOST or any(r in old for r in worded.moved):
            return worded
        self._judged += 1
        meant = self._meant(self._judge, cited, old, evidence, worded)
        if meant.moved and not any(r in old for r in meant.moved) and self._shares_most(cited, meant.moved, evidence):
            return _UNSURE
        if meant.moved and meant is not worded and not self._carries(self._judge, meant.moved, evidence.primary):
            return Assessment(apart=True)
        return meant if meant.moved else self._compared(self._judge, cited, evidence, meant)

    def _compared(self, judge: Judge, cited: tuple[Reference, ...], evidence: Evidence, near: Assessment) -> Assessment:
        """Whether the one article cited says what is claimed, near as it is; `near`, where nothing speaks against."""
        one, claim = self._only(cited), evidence.primary
        if one is None or evidence.story or not evidence.single or evidence.told or evidence.corrected:
            return near
        behind = _behind(judge, [one.reference], claim)
        if len(plain(content(claim))) < CLAIM_FLAGGED or behind is None or behind > JUDGED_ABOUT:
            return near
        carried = judge.carried(claim, one.text)
        if carried is None or carried >= JUDGED_CAREFUL:
            return near
        read = [judge.carried(context, one.text) for context in evidence.contexts]
        contrary = all(probability is not None and probability < JUDGED_CONTRARY for probability in read)
        if contrary and behind <= JUDGED_NEAR and not self._general(cited):
            return Assessment(contrary=True)
        return replace(near, note=_COMPARE)

    def _carries(self, judge: Judge, moved: tuple[Reference, ...], claim: str) -> bool:
        """Whether an article that is nearest by meaning is near enough to be named, by that or by its words."""
        return any(
            (judge.score(claim, one) or 0) >= JUDGED_NAMED
            or max(self._everywhere.coverage_in(claim, text) for text in self._texts([one])) >= JUDGED_NAMED_WORDS
            for one in moved
        )

    def _shares_most(self, cited: tuple[Reference, ...], others: tuple[Reference, ...], evidence: Evidence) -> bool:
        """Whether the articles cited have more words of the claim in a row than each of the others."""
        claims = [plain(evidence.primary), plain(expanded(evidence.primary)[1])]
        own, best = (
            max((longest_run(c, text), c) for c in claims for text in self._texts(articles))
            for articles in (cited, others)
        )
        return own[0] >= max(CLAIM_RUN, CLAIM_RUN_SHARE * len(own[1])) and own[0] > best[0]

    def _worded(
        self, law: str, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence
    ) -> Assessment:
        index = self._index(law)
        rows = [index.where[r.article] for r in cited]
        words = {plain(w) for c in evidence.contexts for w in _SHORT.findall(c)} - {""}
        if any(len(w) >= CLAIM_WORDS and w in index.texts[row] for w in words for row in rows):
            return Assessment(supported=True)
        support = max(index.coverage(c, row) for c in evidence.contexts for row in rows)
        enough = len(plain(content(evidence.primary)))
        gains = {r: index.coverage(evidence.primary, index.where[r]) for r in old if r in index.where}
        gained = max(gains.values(), default=0.0)
        older = gained >= OLD_CARRIED and gained - support >= OLD_LEAD and gained >= OLD_TIMES * support
        if enough >= CLAIM_OLD and older:
            ordered = sorted(gains, key=lambda r: -gains[r])
            return Assessment(moved=tuple(r for r in ordered if gains[r] >= AMONG_BEST * gained))
        if support >= SUPPORTED:
            return Assessment(supported=True)
        part = index.laws[law]
        standing = [_standing(index, c, rows, part) for c in evidence.contexts]
        first = standing[evidence.contexts.index(evidence.primary)]
        if any(s.share >= STANDS for s in standing):
            return Assessment(supported=True)
        far = all(s.share < FAR or (s.own < AVERAGE and s.share < STANDS) for s in standing)
        flagged = far and first.covered >= CARRIED and first.best >= CLEAR
        if not flagged and enough >= CLAIM_WIDE:  # perhaps it is another statute that says so
            everywhere, spot = self._everywhere, [self._everywhere.where.get(r.article, -1) for r in cited]
            if min(spot) >= 0:
                wide = [_standing(everywhere, c, spot, slice(0, len(everywhere.articles))) for c in evidence.contexts]
                chief = wide[evidence.contexts.index(evidence.primary)]
                flagged = all(s.share < FAR_WIDE for s in wide) and chief.covered >= CARRIED_WIDE
        if self._general(cited) and first.covered < CARRIED_GENERAL:
            return _UNSURE
        if not flagged or enough < CLAIM_FLAGGED:
            return _UNSURE
        return Assessment(moved=self._claim_carriers(law, evidence))

    def _general(self, cited: tuple[Reference, ...]) -> bool:
        """Whether a general provision is cited, which may rightly stand for what a special one says."""
        index = self._index(cited[0].law)
        rows = [index.where[r.article] for r in cited if r.article in index.where]
        paths = "".join(h for row in rows for h in index.articles[row].path)
        return bool(re.search("总则|通则|一般规定" if cited[0].law == "民法典" else "总则", paths))

    def _meant(
        self,
        judge: Judge,
        cited: tuple[Reference, ...],
        old: tuple[Reference, ...],
        evidence: Evidence,
        worded: Assessment,
    ) -> Assessment:
        """Ask the judge: it may speak for the cited article, or see a wrong number that the words do not show."""
        law, claim = cited[0].law, evidence.primary
        gap = _behind(judge, cited, claim)
        if gap is None or len(plain(content(claim))) < JUDGED_WORDS:
            return worded
        if worded.moved:
            return Assessment(supported=True) if gap <= JUDGED_NEAR else worded
        nearest = judge.similar(claim, None, 1)[0][0]
        if gap > JUDGED_OLD and nearest in old and not worded.supported:
            return Assessment(moved=(nearest,))
        doubt = evidence.story or worded.supported or self._general(cited)
        needed = JUDGED_DOUBT if doubt else JUDGED_APART
        if gap <= needed or any((_behind(judge, cited, c) or 0) <= needed for c in evidence.contexts):
            return worded
        if all(judge.similar(c, None, 1)[0][1] < JUDGED_SURE for c in evidence.contexts):
            return worded
        near = dict([*judge.similar(claim, law, 5), *judge.similar(claim, None, 5)])
        near = {r: s + (JUDGED_OWN if r.law == law else 0) for r, s in near.items()}
        ordered = sorted(near, key=lambda r: -near[r])[:NAMED]
        if ordered[0] in evidence.near:
            return worded
        return Assessment(moved=tuple(r for r in ordered if near[r] >= near[ordered[0]] - JUDGED_NEAR))

    def _claim_carriers(self, law: str, evidence: Evidence) -> tuple[Reference, ...]:
        """The articles that carry the claim, by its words; the cited law's own first where they do as well.

        () where the best is a neighbour's: the claim may be of that.
        """
        index, everywhere = self._index(law), self._everywhere
        mixed: dict[Reference, float] = {}
        for source, within in ((index, law), (everywhere, None)):
            scores = source.scores(evidence.primary)
            best = float(scores.rank.max()) or 1.0
            for row in source.nearest(scores.rank, within, 30):
                reference = source.articles[row].reference
                worth = float(scores.covered[row]) + float(scores.rank[row]) / best
                worth *= (1.0 if reference.law == law else OTHER_LAW) * (
                    RELIED_ON if reference in _relied_on() else 1.0
                )
                mixed[reference] = max(mixed.get(reference, 0.0), worth)
        ordered = sorted(mixed, key=lambda r: -mixed[r])
        if ordered[0] in evidence.near:
            return ()
        return tuple(r for r in ordered[:NAMED] if mixed[r] >= AMONG_CARRIERS * mixed[ordered[0]])

    def _candidates(
        self, words: str, law: str, old: Sequence[Reference], cited: Sequence[Reference] = (), count: int = 8
    ) -> Iterator[tuple[Reference, str]]:
        """Articles that share words with a quotation and are not cited, and their texts: of that law, and of all."""
        index, given = self._index(law), {r.article for r in cited}
        for reference in old:
            if reference in index.where and reference not in given:
                given.add(reference)
                yield reference, index.texts[index.where[reference]]
        for source, within in ((index, law), (self._everywhere, None)):
            ranked = source.scores(words)
            for row in source.nearest(ranked.rank, within, count):
                reference = source.articles[row].reference
                if reference not in given:
                    given.add(reference)
                    yield reference, source.texts[row]

    def _texts(self, cited: Sequence[Reference]) -> list[str]:
        """The words of the articles cited, plain."""
        return [index.texts[row] for index, row in map(self._row, cited)]

    def _articles(self, cited: Sequence[Reference]) -> list[Article]:
        return [index.articles[row] for index, row in map(self._row, cited)]

    def _only(self, cited: Sequence[Reference]) -> Article | None:
        """The one article that is cited, None where there are several."""
        articles = self._articles(cited)
        return articles[0] if len(set(articles)) == 1 else None

    def _row(self, cited: Reference) -> tuple[WordIndex, int]:
        """An article's index, that which holds its law, and its row there."""
        index = self._index(cited.law)
        return index, index.where[cited.article]

    def _index(self, law: str) -> WordIndex:
        """The index that holds a law: the statutes' own, else one of that law alone."""
        return self._everywhere if law in self._everywhere.laws else word_index(self._names.held[law], law)


@dataclass(frozen=True, slots=True)
class _Quote:
    """How close a quotation is to the articles cited (`here`), and its length; `best` is the closest other one's."""

    here: float
    length: int

    def is_own(self) -> bool:
        """Whether it is of the articles cited, whatever else is like it."""
        return self.here >= QUOTE_EXACT or (self.here >= QUOTE_OK and self.length >= QUOTE_LONG)

    def is_old(self, closest: float, best: float) -> bool:
        """Whether it is of an older version's article that it is so close to."""
        return closest >= max(OLD_QUOTE, self.here + OLD_QUOTE_LEAD, best - OLD_QUOTE_BEHIND)

    def is_anothers(self, best: float) -> bool:
        """Whether it is clearly of another article."""
        if self.here >= QUOTE_FAR:
            return best >= max(QUOTE_FOUND, self.here + QUOTE_LEAD)
        found = QUOTE_FOUND_FAR if self.length >= QUOTE_SHORT else QUOTE_FOUND_FAR_SHORT
        return best >= max(found, self.here + QUOTE_LEAD_FAR)

    def is_twins(self, best: float) -> bool:
        """Whether what looks changed are the words of another article that reads much alike."""
        return self.length >= QUOTE_SHORT and best >= QUOTE_EXACT and best > self.here

    def is_loose(self, best: float) -> bool:
        """Whether it is of the articles cited, but not in their words."""
        return self.here >= max(QUOTE_LIKE, best - QUOTE_BEHIND)


def _behind(judge: Judge, cited: Sequence[Reference], claim: str) -> float | None:
    """How far the articles cited are behind the one nearest to a claim; None where the judge knows none of them."""
    own = [score for r in cited if (score := judge.score(claim, r.article)) is not None]
    return judge.similar(claim, None, 1)[0][1] - max(own) if own else None


def _bare(text: str) -> str:
    """Plain, without the 的 that people leave out."""
    return plain(text).replace("的", "")


def _ranked(scored: Iterable[tuple[float, Reference]]) -> list[tuple[float, Reference]]:
    return sorted(scored, key=lambda s: -s[0])


def _tied(ranked: Sequence[tuple[float, Reference]], law: str) -> tuple[Reference, ...]:
    """The closest articles, those of the law cited first."""
    ties = (r for score, r in ranked if score >= ranked[0][0] - TIED)
    return tuple(sorted(ties, key=lambda r: r.law != law)[:NAMED])


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the cited article does on a claim: its `share` of the best score in its law, its `own` and
    the `best` standing in standard deviations, and how much of the claim the best one covers."""

    share: float
    own: float
    best: float
    covered: float


def _standing(index: WordIndex, claim: str, rows: list[int], part: slice) -> _Standing:
    scores = index.scores(claim)
    window = scores.rank[part]
    best, own = float(window.max()), max(float(scores.rank[r]) for r in rows)
    mean, spread = float(window.mean()), float(window.std()) or 1.0
    covered = float(scores.covered[part][window >= AMONG_BEST * best].max()) if best else 0.0
    return _Standing(own / best if best else 0.0, (own - mean) / spread, (best - mean) / spread, covered)


@lru_cache(maxsize=1)
def _relied_on() -> frozenset[Reference]:
    """Articles that the situation cards rely on: the likelier ones among equals. Raises FileError."""
    return frozenset(r.article for card in load_cards().values() for r in card.citations)
