"""How the converted models run: onnxruntime, and how many at a time."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from onnxruntime import InferenceSession, SessionOptions

from index.e5 import undamaged

#: Half of the cores read questions, the others compare: more at once take longer for everybody.
TURNS = threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) // 2))


def open_session(made: Path, threads: int = 1) -> InferenceSession:
    """The model in a folder that `index.convert` made. Raises EncoderError."""
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with undamaged(made):
        return InferenceSession(str(made / "model.onnx"), options, providers=["CPUExecutionProvider"])
