"""A question as the retrievers need it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from propcache.api import cached_property

from index.encoder import Encoder
from index.lexical import grams
from index.vectors import Vectors

#: A message of more characters than LONG is read in segments too: how long they are.
LONG, SEGMENT = 60, 45
_CLAUSE = re.compile(r"[^,，。！？!?；;\s]*[,，。！？!?；;\s]+|[^,，。！？!?；;\s]+")


@dataclass(frozen=True)
class Query:
    """A question; encoded once, on first use. `parts` has its segments and those of questions that are read with it."""

    text: str
    encoder: Encoder
    parts: dict[str, Query] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def base(self) -> Vectors:
        """Shape (1, d)."""
        return self.encoder.base([self.text], side="query")

    @cached_property
    def article_vector(self) -> Vectors:
        """By the query head, shape (d,): compared with chunks of articles."""
        return np.asarray(self.encoder.project(self.base, task="query")[0])

    @cached_property
    def question_vector(self) -> Vectors:
        """By the question head, shape (d,): compared with phrasings."""
        return np.asarray(self.encoder.project(self.base, task="question")[0])

    @cached_property
    def grams(self) -> list[str]:
        return grams(self.text)

    @cached_property
    def segments(self) -> list[Query]:
        """A long message cut between its clauses into segments of some SEGMENT characters; none of a short one."""
        segments = [""]
        for clause in _CLAUSE.findall(self.text) if len(self.text) > LONG else ():
            if len(segments[-1]) + len(clause) > SEGMENT and segments[-1]:
                segments.append("")
            segments[-1] += clause
        if len(segments) == 1:
            return []
        return [self.parts.setdefault(text, Query(text, self.encoder, self.parts)) for text in segments]
