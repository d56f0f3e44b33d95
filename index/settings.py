"""Settings, from the environment or a `.env` file: every name is prefixed with BOT_."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.statutes import Scope

#: What pydantic says is wrong, for a person.
AMISS = {
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "至少 {ge}",
    "less_than_equal": "最多 {le}",
    "literal_error": "只能写 {expected}",
    "bool_parsing": "要写 true 或 false",
    "int_parsing": "要写成整数",
    "int_from_float": "要写成整数",
    "float_parsing": "要写成数字",
    "dict_type": '要写成 JSON，如 {{"temperature": 0.2}}',
    "tuple_type": '要写成 JSON 列表，如 ["https://help.example"]',
    "string_type": "要写成文字",
}
ROOT = Path(__file__).parents[1]


class IndexSettings(BaseSettings):
    """Where the law comes from, how it is encoded and where the index stands."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", env_ignore_empty=True, extra="ignore")

    scope: Scope = "default"
    #: The folder of vectors and built indexes.
    data: Path = ROOT / "data"
    #: Official downloads (docx, txt, md) that add a statute or replace one.
    statutes: Path | None = None
    #: A sentence-transformers model: a folder or a name. Ours by default.
    encoder: str = str(ROOT / "index" / "encoder")
    #: A Chroma server, http://host:port; empty for one inside the process.
    chroma: str = ""


def own(settings: IndexSettings, *names: str) -> str:
    """Those of these settings that are not the default, as the environment has them; empty where all are."""
    usual = IndexSettings.model_fields
    return "、".join(f"BOT_{name.upper()}" for name in names if getattr(settings, name) != usual[name].default)


def problems_of(error: ValidationError) -> str:
    """What is wrong with the settings, a line each, without their values (one may be a key)."""
    lines = []
    for one in error.errors(include_input=False, include_url=False):
        name = f"BOT_{one['loc'][0]}：".upper() if one["loc"] else ""
        said = AMISS.get(one["type"])
        said = said and said.format(**one.get("ctx", {})).replace(" or ", " 或 ")
        lines.append(name + (said or one["msg"].removeprefix("Value error, ")))
    return "设置不对：\n" + "\n".join(lines)
