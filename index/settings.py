"""Settings, from the environment or a `.env` file: every name is prefixed with BOT_."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AnyHttpUrl, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from corpus.files import OperatorError, amiss
from corpus.sources import ReplaceableError, SourceError
from corpus.statutes import Scope, Statutes, load

ROOT = Path(__file__).parents[1]
#: Characters of a question, by default: longer ones only cost minutes.
LONGEST = 2000


class SettingsError(OperatorError):
    """The file of settings cannot be read; the message says what to do."""


def variable(field: ValidationInfo) -> str:
    """The environment variable of a field that is being checked."""
    return f"BOT_{field.field_name}".upper()


def _address(written: str, field: ValidationInfo) -> str:
    try:
        if written:
            AnyHttpUrl(written)
    except ValidationError:
        raise ValueError(f"{variable(field)} 要写成 http://主机:端口 或 https://…") from None
    return written


def site(address: str, otherwise: str) -> str:
    """A site's address as browsers write it: HTTPS://求助.中国/ as https://xn--….xn--fiqs8s.

    Raises ValueError, which says `otherwise`, where it is none or more than that.
    """
    try:
        url = AnyHttpUrl(address)
    except ValidationError:
        url = None
    bare = ("/", None, None, None, None)
    if url is None or (url.path, url.query, url.fragment, url.username, url.password) != bare or "*" in address:
        raise ValueError(otherwise)
    return str(url).rstrip("/")


def _chroma(written: str) -> str:
    """Its client takes a host and a port: whatever else stood there would be dropped without a word."""
    if written:
        site(written, "BOT_CHROMA 要写成 http://主机:端口 或 https://…，不带用户名、密码和路径")
    return written


#: An address over HTTP, as it was written, or nothing.
Address = Annotated[str, AfterValidator(_address)]


class IndexSettings(BaseSettings):
    """Where the law comes from, how it is encoded and where the index stands."""

    model_config = SettingsConfigDict(
        env_prefix="BOT_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",  # one file holds the settings of the index and of the bot
    )

    scope: Scope = "default"
    #: The folder of vectors and built indexes.
    data: Path = ROOT / "data"
    #: Official downloads (docx, txt, md) that add a statute or replace one.
    statutes: Path | None = None
    #: A sentence-transformers model: a folder or a name. Ours by default.
    encoder: str = str(ROOT / "index" / "encoder")
    #: A Chroma server, http://host:port; empty for one inside the process.
    chroma: Annotated[str, AfterValidator(_chroma)] = ""
    #: The longest question that is read or searched for, in characters.
    longest: Annotated[int, Field(ge=1)] = LONGEST

    @field_validator("*", mode="before")
    @classmethod
    def _readable(cls, value: object, field: ValidationInfo) -> object:
        """Bytes that are no UTF-8 come as halves of characters, at which encoders, paths and keys fail later."""
        if isinstance(value, str) and re.search("[\0\ud800-\udfff]", value):
            raise ValueError(f"{variable(field)} 里有读不出来的字：请用 UTF-8 编码再写一次")
        return value


def law_of(settings: IndexSettings) -> Statutes:
    """The law of the settings, in force today. Raises CorpusError, which names the setting that would help."""
    try:
        return load(settings.scope, folder=settings.statutes)
    except ReplaceableError as error:
        raise SourceError(f"{error}；也可以把这部法律的官方下载放进自己的文件夹（BOT_STATUTES）代替它") from None


_Settings = TypeVar("_Settings", bound=IndexSettings)


@contextmanager
def _text() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise SettingsError(".env 不是 UTF-8 编码，请另存为 UTF-8。") from error


def read_settings(kind: type[_Settings], **given: Any) -> _Settings:
    """Settings of a class, those that are not given from the environment and `.env`.

    Raises ValidationError, and SettingsError where `.env` cannot be read as text.
    """
    with _text():
        return kind(**given)


def unknown(kind: type[IndexSettings]) -> dict[str, str]:
    """What is set, in the environment or `.env`, under a name like ours that no setting of a class has.

    For each such name the one that is most like it, or nothing. Raises SettingsError.
    """
    known = {f"bot_{name}" for name in kind.model_fields}
    with _text():
        written = {*EnvSettingsSource(kind).env_vars, *DotEnvSettingsSource(kind).env_vars}
    strange = sorted(name for name in written - known if name.startswith("bot_"))
    return {name.upper(): "".join(get_close_matches(name, known, 1)).upper() for name in strange}


def own(settings: IndexSettings, *names: str) -> str:
    """Those of these settings that are not the default, as the environment has them; empty where all are."""
    usual = IndexSettings.model_fields
    return "、".join(f"BOT_{name.upper()}" for name in names if getattr(settings, name) != usual[name].default)


def problems_of(error: ValidationError) -> str:
    """What is wrong with the settings, a line each, without their values (one may be a key)."""
    found = [(one, "".join(f"BOT_{name}".upper() for name in one["loc"][:1])) for one in error.errors()]
    return "\n".join(["设置不对：", *(amiss(dict(one), name) for one, name in found)])
