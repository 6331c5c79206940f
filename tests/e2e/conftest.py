"""A real site for the journeys: the demo, served by the product's own command on a free port, in its own folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]


def duban(*words: str) -> list[str]:
    return [sys.executable, "-m", "duban.cli.main", *words]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running demo."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DUBAN_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    environment.pop("DATABASE_URL", None)
    sample = str(ROOT / "samples" / "yunjiang-2026.txt")
    subprocess.run(duban("demo", sample), env=environment, check=True, capture_output=True)
    server = subprocess.Popen(duban("serve", "--port", str(port)), env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/livez", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, the system's own."""
    path = shutil.which("chromium")
    assert path, "run tools/chromium.sh first"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=flags)
        yield started
        started.close()
