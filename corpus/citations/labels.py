"""The status of a citation in words."""

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "ok": "条文在；说法没有核对",
    "mismatch": "与条文内容不符",
    "renumbered": "条号已变",
    "repealed": "法律已废止",
    "not_found": "没有这一条",
    "unknown_law": "没有找到这部法律",
}
#: The same where only a law is named, and where the article's own words are quoted.
LAW, QUOTED = "法律有效", "条文有效，引文相符"
#: The same where the text in force is not held, only the one before.
OUTDATED = "条文改过，没有核对"
#: The same for a real rule whose text is not held here: no reproach.
UNHELD = "本站未收录，无法核对"
