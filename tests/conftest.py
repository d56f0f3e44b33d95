"""One real index and one real server for all tests of a process: answers come by the real encoder, Chroma and HTTP."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings as properties
from pydantic import SecretStr

from benchmarks.scripted import running
from bot.chain import Bot
from bot.settings import BotSettings
from bot.web import create_app
from index.retriever import Index

ROOT = Path(__file__).parents[1]

# The same examples on every run, so that a failure is a change's and not chance's; `make fuzz`
# looks for new ones.
properties.register_profile("same", derandomize=True, max_examples=100, deadline=None)
properties.register_profile("fuzz", max_examples=20_000, deadline=None, print_blob=True)
properties.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def nobody_s_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test speaks to the model of whoever runs it, or writes where his environment or his `.env` says.

    Nor does a process that a test starts: all work in a folder without such a file.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("BOT_")]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("nobody"))
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


@pytest.fixture(scope="session")
def settings() -> BotSettings:
    return BotSettings(_env_file=None)


@pytest.fixture(scope="session")
def index(settings: BotSettings) -> Index:
    return Index.open(settings)


@pytest.fixture(scope="session")
def bot(index: Index) -> Bot:
    return Bot(index)


@pytest.fixture(scope="session")
def help_site() -> str:
    """The origin of a help site that the server's operator has listed; tests serve pages there."""
    return f"http://localhost:{free_port()}"


@pytest.fixture(scope="session")
def data(settings: BotSettings, index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the index and no records: an app deletes old ones as it starts."""
    folder = tmp_path_factory.mktemp("data")
    for built in settings.data.iterdir():
        if built.suffix != ".db":
            (folder / built.name).symlink_to(built)
    return folder


@pytest.fixture(scope="session")
def server(settings: BotSettings, data: Path, help_site: str) -> Iterator[str]:
    """The address of the whole app on a free port, ready to answer, with a desk and with records of its own."""
    state = {"data": data, "desk_password": SecretStr("灯塔"), "origins": (help_site,)}
    kept = {"keep_unanswered": True, "keep_cases": True}
    with running(create_app(settings.model_copy(update=state | kept)), "warning") as address:
        deadline = time.monotonic() + 120
        while httpx.get(f"{address}/healthz", timeout=60).status_code != 200:
            if time.monotonic() > deadline:
                pytest.fail("the server did not become ready")
            time.sleep(0.2)
        yield address


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
