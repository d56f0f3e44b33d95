"""Any chat model through LangChain's factory, by settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from bot.model.errors import ModelError
from bot.settings import BotSettings

_Factory = Callable[..., BaseChatModel]


def open_model(settings: BotSettings) -> BaseChatModel:
    """The chat model of settings that name one. Raises ModelError.

    With BOT_MODEL_URL the server speaks OpenAI's protocol, BOT_MODEL is its name for the model, and
    only BOT_MODEL_KEY is sent there: never another provider's key that stands in the environment.
    Without it BOT_MODEL is LangChain's provider:name, and the provider's own variable may hold the key.
    """
    options: dict[str, Any] = {"max_retries": 0, "timeout": settings.model_seconds, **settings.model_options}
    key = settings.model_key.get_secret_value()
    if settings.model_url:
        # Not every server knows OpenAI's newer max_completion_tokens, all know max_tokens.
        extra = options.pop("extra_body", None) or {}
        if not isinstance(extra, dict):
            raise ModelError('BOT_MODEL_OPTIONS 里的 extra_body 要写成 {"名字": 值}，不要就写 null')
        body = {"max_tokens": settings.model_tokens, **extra}
        options |= {"model_provider": "openai", "base_url": settings.model_url, "extra_body": body}
        options["api_key"] = key or "none"
    else:
        options["max_tokens"] = settings.model_tokens
        options |= {"api_key": key} if key else {}
    try:
        return cast(_Factory, init_chat_model)(settings.model, **options)
    except ImportError as error:
        raise ModelError(f"BOT_MODEL={settings.model} 还需要一个包：pip install {_package(error)}") from None
    except Exception as error:
        hint = (
            "没有找到密钥：请设置 BOT_MODEL_KEY"
            if "api_key" in str(error)
            else "名字要写成 服务商:模型，或者同时设置 BOT_MODEL_URL"
        )
        raise ModelError(f"打不开模型 BOT_MODEL={settings.model}（{type(error).__name__}）。{hint}。") from None


def _package(error: ImportError) -> str:
    """The package that LangChain asks for in its message."""
    found = re.search(r"pip install ([\w-]+)", str(error))
    return found[1] if found else str(error.name)
