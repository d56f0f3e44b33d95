"""Evens out the channels of the encoder, so that eight bits suffice.

One scale serves all channels of a layer's input when they are rounded to 8 bits, and a few channels run far larger than
the rest. So each channel is divided by a power of its largest value and its weights are multiplied by it, which changes
nothing before rounding (SmoothQuant, Xiao et al. 2023). The largest values are kept beside the weights, `index.train`
measures those of the question side when it has changed them, and `index.convert` uses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file
from torch.nn import functional
from transformers import BertModel

from index import e5

#: How much of the difference between channels goes over to the weights: the migration strength of the paper.
STRENGTH = 0.7
#: So many of the texts are read to measure.
SAMPLE = 600


class Smooth(torch.nn.Module):
    """A linear layer whose channels (in,) are divided by a scale before it and its weights multiplied."""

    def __init__(self, linear: torch.nn.Linear, largest: torch.Tensor) -> None:
        super().__init__()
        weight = linear.weight.detach()
        scale = largest.clamp(min=1e-5) ** STRENGTH / weight.abs().amax(0).clamp(min=1e-5) ** (1 - STRENGTH)
        self.down = torch.nn.Parameter(1 / scale)
        self.weight = torch.nn.Parameter(weight * scale)
        self.bias = linear.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.linear(x * self.down, self.weight, self.bias)


def smoothed(model: e5.Model, folder: Path) -> BertModel:
    """A model by the weights of a folder with every linear layer smoothed; it gives what it gave."""
    bert, largest = e5.bert(model, folder), load_file(folder / e5.LARGEST[model])
    for name, linear in _linear(bert).items():
        bert.set_submodule(name, Smooth(linear, largest[name]))
    return bert


def write_largest(model: e5.Model, folder: Path, windows: Sequence[list[int]]) -> None:
    """Read some of the texts, in token ids, and keep the largest value of each channel beside the weights."""
    bert = e5.bert(model, folder)
    largest: dict[str, torch.Tensor] = {}

    def look(name: str, _: torch.nn.Module, given: tuple[torch.Tensor]) -> None:
        high = given[0].abs().flatten(0, -2).amax(0)
        largest[name] = torch.maximum(largest.get(name, high), high)

    for name, linear in _linear(bert).items():
        linear.register_forward_pre_hook(partial(look, name))
    with torch.inference_mode():
        for window in windows[:: max(len(windows) // SAMPLE, 1)]:
            ids, mask = map(torch.from_numpy, e5.padded([window]))
            bert(input_ids=ids, attention_mask=mask)
    save_file({name: high.numpy() for name, high in largest.items()}, folder / e5.LARGEST[model])


def _linear(bert: BertModel) -> dict[str, torch.nn.Linear]:
    return {name: layer for name, layer in bert.named_modules() if isinstance(layer, torch.nn.Linear)}
