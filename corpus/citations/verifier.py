"""Does the article carry what the text says of it? Evidence is weighed against the articles of the law.

QUOTED, then UNQUOTED, say in which order, from top to bottom: the first rule that finds anything decides. Where none
does, the claim is weighed by its own words (`claimed`) and, where there is a judge, by its meaning (`meant`). Each
rule is a function of the module that is named after its evidence. Limits stand at the heads of these; they are
calibrated on the dev half of tests/corpus/citations.jsonl, see benchmarks/cases.py. Closeness is 0 to 100, see
likeness; lengths are in characters of `plain`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.citations import lost
from corpus.citations.assessment import UNSURE, Assessment
from corpus.citations.cited import Cited
from corpus.citations.claimed import claimed, literal, may_be_weighed
from corpus.citations.claimed_figures import missing, other_penalty
from corpus.citations.contradiction import contradicted
from corpus.citations.copied import copied
from corpus.citations.evidence import Evidence
from corpus.citations.held import Held
from corpus.citations.judge import Judge
from corpus.citations.law_names import Names
from corpus.citations.meant import meant
from corpus.citations.named import beyond_crimes, crime_elsewhere, named_here, rule_elsewhere
from corpus.citations.nearby import nearby
from corpus.citations.pins import pinned_claim, pinned_quotes
from corpus.citations.quoted import quoted
from corpus.citations.turned import turned
from corpus.reference import Reference
from corpus.statutes import Article, Statutes

JUDGED_MOST = 300  # claims of a text are judged by meaning, the rest by words: each costs some encodings

_NOT_ITS_WORDS = "引号里的话不是现行条文的原话，请对照原文。"


@dataclass(frozen=True, slots=True)
class Weighing:
    """A way to weigh what is said of the articles cited; it decides, if none before has, unless it gives None."""

    weigh: Callable[[Cited], Assessment | None]
    why: str


#: By words in quotation marks.
QUOTED = (
    Weighing(pinned_quotes, "what is set out as words of one 款 or 项 may stand in another of the same article"),
    Weighing(quoted, "who quotes says word for word what is meant: the strongest evidence"),
)
#: By what stands around the citation without quotation marks.
UNQUOTED = (
    Weighing(pinned_claim, "words of the law are of the 款 or 项 in which they stand, without marks too"),
    Weighing(crime_elsewhere, "a crime has articles of its own, whatever else is like the claim"),
    Weighing(other_penalty, "a penalty that the article does not threaten is wrong, however well the rest fits"),
    Weighing(contradicted, "so is another figure, or the contrary of a word, for the same thing"),
    Weighing(literal, "the article's own words, letter by letter, leave nothing to weigh"),
    Weighing(rule_elsewhere, "a rule's name says where it is, if less surely than a crime's"),
    Weighing(copied, "a sentence of the law is of the article that it is closest to"),
    Weighing(turned, "all that a short claim says stands in the article, around the contrary of its one word"),
    Weighing(named_here, "the name of its own rule is enough, where no words speak against it"),
)


def decide(weighings: Sequence[Weighing], cited: Cited) -> Assessment | None:
    """What the first one finds that finds anything."""
    return next(filter(None, (weighing.weigh(cited) for weighing in weighings)), None)


class Verifier:
    """Weighs the evidence of one text, and is gone with it.

    Asks `judge`, where there is one, for the first JUDGED_MOST claims.
    """

    def __init__(self, statutes: Statutes, names: Names, judge: Judge | None) -> None:
        self._held, self._judge = Held(statutes, names), judge
        self._judged = 0
        self._seen: dict[Cited, Assessment] = {}

    def article(self, reference: Reference) -> Article:
        """An article that is held."""
        (article,) = self._held.articles([reference])
        return article

    def assess(self, references: tuple[Reference, ...], old: tuple[Reference, ...], evidence: Evidence) -> Assessment:
        """Whether the articles cited carry what is quoted, copied or claimed.

        `old` are those that have today what older versions had under the number cited, see Resolved.
        """
        cited = Cited(references, old, evidence, self._held)
        if cited not in self._seen:
            self._seen[cited] = _with_place(cited, _with_figure(cited, self._weigh(cited)))
        return self._seen[cited]

    def carriers(self, laws: Sequence[str], evidence: Evidence) -> tuple[Reference, ...]:
        """The articles that carry what is said, where the number cited leads nowhere, see lost."""
        return lost.carriers(self._held, laws, evidence)

    def _weigh(self, cited: Cited) -> Assessment:
        """Words that are quoted, if any, then those around them."""
        if assessment := decide(QUOTED, cited):
            return assessment
        assessment = decide(UNQUOTED, cited) or self._by_claim(beyond_crimes(cited))
        if cited.evidence.set_out and not assessment.wrong:
            return replace(assessment, note=_NOT_ITS_WORDS)
        return assessment

    def _by_claim(self, cited: Cited) -> Assessment:
        """What is claimed, by its words, and by its meaning where a judge is still asked."""
        if not may_be_weighed(cited.evidence):
            return UNSURE
        worded = claimed(cited)
        if self._judge is None or self._judged >= JUDGED_MOST or cited.any_old(worded.moved):
            return worded
        self._judged += 1
        return meant(self._judge, cited, worded)


def _with_figure(cited: Cited, assessment: Assessment) -> Assessment:
    """With a note on a figure of the claim that the article does not have, where there is nothing else to say."""
    evidence = cited.evidence
    if assessment.wrong or assessment.change or assessment.note or evidence.quotes or not evidence.single:
        return assessment
    if any(word not in article.text for word in evidence.reporting for article in cited.articles):
        return assessment
    figure = missing(evidence.primary, cited.articles)
    return replace(assessment, note=f"现行条文里没有“{figure}”，请核对数字。") if figure else assessment


def _with_place(cited: Cited, assessment: Assessment) -> Assessment:
    """With a note on where the claim seems to be from, where there is nothing else to say."""
    if assessment.wrong or assessment.change or assessment.note or assessment.sure:
        return assessment
    place = nearby(cited)
    return replace(assessment, note=f"这句话更像是{place}的内容，请对照原文。") if place else assessment
