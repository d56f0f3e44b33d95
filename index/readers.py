"""What is converted, as torch modules with evened channels: a side of the encoder, and the cross-encoder."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn import functional

from index import e5
from index.smoothquant import smoothed


class SideReader(torch.nn.Module):
    """The mean over a window's tokens, (n, d), not of unit length."""

    def __init__(self, side: e5.Side, folder: Path) -> None:
        super().__init__()
        self.model = smoothed(side, folder)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        read = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        return mean(read, mask)


class PairReader(torch.nn.Module):
    """Log-odds, (n, tasks), of two texts that are read together; `second` is 1 for the tokens of the second.

    The weights of the folder have "heads.weight" (tasks, 4d) and "heads.bias" (tasks,) beside what training has added.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.model, self.weights = smoothed("pair", folder), load_file(folder / e5.TUNED["pair"])

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        read = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        return functional.linear(compared(read, mask, second), self.weights["heads.weight"], self.weights["heads.bias"])


def compared(read: torch.Tensor, mask: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Of states (n, tokens, d): the mean of each text's, their difference and their product, (n, 4d)."""
    a, b = (functional.normalize(mean(read, part), dim=1) for part in (mask - second, second))
    return torch.cat([a, b, (a - b).abs(), a * b], dim=1)


def mean(read: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean of the states (n, tokens, d) that a mask (n, tokens) takes in."""
    return (read * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
