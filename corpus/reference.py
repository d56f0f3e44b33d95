"""A reference to a place in a statute: which law, article (条), paragraph (款), item (项)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated

from corpus import numerals
from corpus.files import spelt

#: An article's number in addresses and tables: 50, 253-1.
Key = Annotated[str, spelt("[1-9][0-9]*(-[1-9][0-9]*)?", '"670"、"253-1"')]

_N = f"[{numerals.CHARACTERS}]+"
#: A place in a statute in full: 第六百七十条第一款第（二）项. Groups: number, suffix, paragraph, item.
PLACE = rf"第(?P<number>{_N})条(?:之(?P<suffix>{_N}))?(?:第(?P<paragraph>{_N})款)?(?:第[（(]?(?P<item>{_N})[）)]?项)?"
_OFFICIAL = re.compile(rf"《?(?P<law>[^《》第]+?)》?{PLACE}")
#: A citation in full within a text: 《民法典》第六百七十条第一款.
FULL_CITATION = re.compile(f"《[^《》]+》{PLACE}")


@dataclass(frozen=True, slots=True)
class Reference:
    """`number` and `suffix` as in 第二百五十三条之一 = (253, 1); suffix 0 is the plain number.

    `paragraph` (款) and `item` (项) count from 1; None means the whole article, 0 what no article has (第零款). An item
    without a paragraph belongs to the first paragraph that has so many.
    """

    law: str
    number: int
    suffix: int = 0
    paragraph: int | None = None
    item: int | None = None

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read one reference in official writing, 个人信息保护法第十三条第一款第（二）项.

        For text as people write it use `corpus.citations.find`. Raises ValueError.
        """
        match = _OFFICIAL.fullmatch(text.strip())
        if not match:
            raise ValueError(f"不是一条引注：{text!r}。写法如：民法典第六百七十条第一款")
        group = match.groupdict()
        values = {k: numerals.parse(v) if v else None for k, v in group.items() if k != "law"}
        if values["number"] is None or any(v and values[k] is None for k, v in group.items() if k != "law"):
            raise ValueError(f"条文序号不对：{text!r}")
        return cls(group["law"].strip(), values["number"], values["suffix"] or 0, values["paragraph"], values["item"])

    @classmethod
    def of_key(cls, law: str, key: str) -> Reference:
        """The article of a `key`, 50 or 253-1. Raises ValueError."""
        number, _, suffix = key.partition("-")
        return cls(law, int(number), int(suffix or 0))

    @property
    def article(self) -> Reference:
        """The same article without its pinpoint."""
        return replace(self, paragraph=None, item=None)

    @property
    def key(self) -> str:
        """The article's number in addresses and tables: 50, 253-1."""
        return f"{self.number}-{self.suffix}" if self.suffix else str(self.number)

    @property
    def locator(self) -> str:
        """第五十条第一款第（五）项: everything but the law's name."""
        out = f"第{numerals.chinese(self.number)}条" + (f"之{numerals.chinese(self.suffix)}" if self.suffix else "")
        out += f"第{numerals.chinese(self.paragraph)}款" if self.paragraph else ""
        return out + (f"第（{numerals.chinese(self.item)}）项" if self.item else "")

    def __str__(self) -> str:
        return f"《{self.law}》{self.locator}"
