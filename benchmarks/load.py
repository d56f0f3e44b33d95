"""python -m benchmarks.load [--clients 16] [--scope all]: searches and answers a second over real HTTP.

Starts the web app as its own process and asks it from threads of this one; both share the machine.
Searches are POST /api/search, answers POST /api/ask, talks the same after another question.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import httpx

from corpus.statutes import Scope
from index.question_files import read_questions

EXAM = Path(__file__).parents[1] / "tests" / "exam-second.jsonl"
SECONDS = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--scope", choices=get_args(Scope), default="default")
    arguments = parser.parse_args()
    questions = [str(r["q"]) for r in read_questions(EXAM)]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "bot", "--port", str(port)], env={**os.environ, "BOT_SCOPE": arguments.scope}
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait(base, server)
        for what in ("search", "ask", "talk"):
            times = under_load(base, what, questions, arguments.clients)
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(f"{what:<8}{len(times) / SECONDS:6.1f}/s  p50 {p50:6.0f} ms  p95 {p95:6.0f} ms")
        print(f"server   {peak(server.pid):.0f} MB at most")
    finally:
        server.terminate()
        try:
            server.wait(20)
        finally:
            server.kill()


def wait(base: str, server: subprocess.Popen[bytes]) -> None:
    """Until the index is open."""
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"{base}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(1)
    raise SystemExit("the web app did not open its index")


def under_load(base: str, what: str, questions: list[str], clients: int) -> list[float]:
    """Milliseconds of every request that was answered within the time."""
    end = time.perf_counter() + SECONDS

    def one(client: int) -> list[float]:
        times = []
        with httpx.Client(base_url=base, timeout=60) as http:
            for i in range(client, 10**6, clients):
                begin = time.perf_counter()
                if begin > end:
                    break
                question, before = questions[i % len(questions)], questions[i % len(questions) - 1]
                body: dict[str, object] = {"question": question}
                if what == "talk":
                    body["history"] = [{"role": "user", "content": before}, {"role": "assistant", "content": before}]
                reply = http.post(f"/api/{'search' if what == 'search' else 'ask'}", json=body)
                reply.raise_for_status()
                if (now := time.perf_counter()) <= end:
                    times.append(1000 * (now - begin))
        return times

    with ThreadPoolExecutor(clients) as pool:
        return [t for times in pool.map(one, range(clients)) for t in times]


def peak(process: int) -> float:
    """The most memory a process has held, in MB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
