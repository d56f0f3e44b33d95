"""Settings of the bot, from the environment or `.env`; every name is prefixed with BOT_."""

from __future__ import annotations

import json
import os
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import SettingsConfigDict

from index.settings import Address, IndexSettings, site, variable


def _origin(address: str) -> str:
    """A site as it stands in an Origin header."""
    return site(address, "BOT_ORIGINS 里每个网站写成 https://域名，不带路径、密码和 *")


def _host(name: str) -> str:
    """A name as it stands in a Host header."""
    address = site(f"https://{name}", "BOT_HOSTS 里每个域名写成 help.example 这样，不带 https://、路径和 *")
    return address.removeprefix("https://")


#: What LangChain's factory is told anyway.
OPTIONS: dict[str, Any] = {"temperature": 0.2}


#: Names of this machine for itself.
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class BotSettings(IndexSettings):
    """The index's settings and the bot's: where it listens, its model, what it keeps, who may embed it."""

    model_config = SettingsConfigDict(enable_decoding=False)  # JSON is read below, with an error that helps

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"  # an empty one would be every address
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    #: The longest text that is checked, in characters.
    longest_text: Annotated[int, Field(ge=1)] = 1_000_000
    #: Questions of one address that wait while so many others of it are answered; more are refused.
    waiting: Annotated[int, Field(ge=1)] = 200
    #: Sites that may show the chat in a frame and use the API from a page, as https://help.example; JSON list.
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    #: Our own names behind a proxy that keeps Host, as help.example: /mcp then answers to no other; JSON list.
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    #: The volunteers' desk at /desk opens with this password; empty: there is no desk.
    desk_password: SecretStr = SecretStr("")
    #: Keep questions that got no answer or a doubtful one (masked) in data/desk.db for the desk, wherever they are
    #: asked. Off: nothing is kept.
    keep_unanswered: bool = False
    #: Signs the desk's sessions. Empty: a new secret at each start, so that a restart signs everyone out.
    desk_secret: SecretStr = SecretStr("")
    #: Let volunteers keep cases on this server (data/desk.db) besides their own browser.
    keep_cases: bool = False
    #: Days until what is kept (feedback, unanswered questions, cases) is deleted.
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 30
    #: A chat model for words of its own beside the card's; empty: none. With `model_url` the server's name for it,
    #: without one LangChain's provider:name.
    model: str = ""
    #: An OpenAI-compatible endpoint, as https://api.deepseek.com/v1.
    model_url: Address = ""
    model_key: SecretStr = SecretStr("")
    #: Seconds for the model's whole part of an answer, and for its first word.
    model_seconds: float = Field(default=30, gt=0, le=300)
    model_first_seconds: float = Field(default=10, gt=0, le=300)
    model_tokens: int = Field(default=700, ge=50, le=8000)
    #: More for LangChain's factory, over OPTIONS, JSON: {"extra_body": {"enable_thinking": false}}.
    model_options: Annotated[dict[str, Any], AfterValidator(lambda options: OPTIONS | options)] = OPTIONS
    #: Hide personal data before it goes to the model; may be off for a model on this machine only.
    model_mask: bool = True

    @property
    def model_is_local(self) -> bool:
        """Whether the model runs on this machine: by its address, which Ollama has without being told."""
        url = self.model_url
        if not url and self.model.startswith("ollama:"):
            url = self.model_options.get("base_url") or os.environ.get("OLLAMA_HOST") or "127.0.0.1:11434"
            url = url if "://" in url else f"//{url}"  # Ollama takes its own address without a scheme too
        return urlsplit(url).hostname in LOCAL

    @field_validator("origins", "hosts", "model_options", mode="before")
    @classmethod
    def _json(cls, value: object, field: ValidationInfo) -> object:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            raise ValueError(
                f'{variable(field)} 要写成 JSON：列表如 ["https://help.example"]，参数如 {{"temperature": 0.2}}'
            ) from None

    @model_validator(mode="after")
    def _model(self) -> BotSettings:
        """What is said of a model makes sense together."""
        if self.model_url and not self.model:
            raise ValueError("BOT_MODEL_URL 要和 BOT_MODEL 一起写：BOT_MODEL 是模型在那里的名字")
        if not isinstance(self.model_options.get("base_url", ""), str):
            raise ValueError('BOT_MODEL_OPTIONS 里的 base_url 要写成 "http://主机:端口"')
        if self.model and not self.model_mask and not self.model_is_local:
            raise ValueError(
                "BOT_MODEL_MASK=false 只能用于本机的模型（BOT_MODEL_URL 是 127.0.0.1、localhost 或 ::1）："
                "外面的模型不能看到没有遮住的个人信息"
            )
        return self
