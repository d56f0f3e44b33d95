"""A person's words made even before they are matched: script, width, control characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

#: Choose how the sign before them looks, and take no room themselves; so does the frame of a key (1️⃣).
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), 0x20E3, 0x034F)))
#: A web address, a link of Markdown around its words, a tag of HTML.
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([!-~]+|(?:https?://|www\.)[!-~]+|</?[a-z][ -;=?-~]*>", re.IGNORECASE)
#: The number of an identity or bank card, also in groups; no article's.
_CARD_NUMBER = re.compile(r"(?<![第\d])\d(?:[ -]?\d){14,}")


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def clean(text: str) -> str:
    """What the person wrote, without control and invisible characters, blanks run together."""
    kinds = ((c, unicodedata.category(c)) for c in text)
    kept = (" " if kind in {"Cc", "Co", "Cs", "Cn"} else c for c, kind in kinds if kind != "Cf" and c not in _SELECTORS)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def whole(text: str) -> str:
    """The text, as long, with a mark for each half of a character (a cut emoji): no answer can be written with one."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def normalise(text: str) -> str:
    """For matching: cleaned, simplified characters, half-width letters and digits."""
    return str(_simplifier().convert(unicodedata.normalize("NFKC", clean(text))))


def shorten(text: str) -> str:
    """An even message without addresses and card numbers, which are not its matter; whole where nothing is left."""
    shorter = _CARD_NUMBER.sub(" ", _LINK.sub(r"\1 ", text)).strip()
    return shorter if has_words(shorter) else text


def has_words(text: str) -> bool:
    """Whether there is anything to answer: a letter of any script."""
    return any(unicodedata.category(c).startswith("L") for c in text)
