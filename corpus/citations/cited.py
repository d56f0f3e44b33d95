"""What is weighed: articles that a text cites, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from propcache.api import cached_property

from corpus.citations.evidence import Evidence
from corpus.citations.held import Held
from corpus.reference import Reference
from corpus.statutes import Article


@dataclass(frozen=True)
class Cited:
    """The articles that a group of citations names, and what the text says of them.

    references  as they are cited, with 款 and 项; never empty
    old         those that have today what older versions had under the number cited, see Resolved
    evidence    what is quoted, copied or claimed
    held        the articles it is weighed against
    """

    references: tuple[Reference, ...]
    old: tuple[Reference, ...]
    evidence: Evidence
    held: Held = field(repr=False, compare=False)

    @property
    def law(self) -> str:
        """The law that is cited, the first where there are several."""
        return self.references[0].law

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        return self.held.articles(self.references)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The words of the articles cited, plain."""
        return self.held.texts(self.references)

    @property
    def only(self) -> Article | None:
        """The one article that is cited, None where there are several."""
        return self.articles[0] if len(set(self.articles)) == 1 else None

    @cached_property
    def general(self) -> bool:
        """Whether a general provision is cited, which may rightly stand for what a special one says."""
        return self.held.is_general(self.references)

    def any_old(self, references: Iterable[Reference]) -> bool:
        """Whether one of these has today what an older version had under the number cited."""
        return any(r in self.old for r in references)
