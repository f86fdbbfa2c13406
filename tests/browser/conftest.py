"""One built site and one Chromium for all tests of a worker."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.shots import ARGUMENTS, chromium

SHARED = Path(os.environ.get("STOCKTAKE_SHARED") or Path(__file__).resolve().parents[3] / "shared")
TEXT = SHARED / "texts" / "A_RES_75_65.zh.txt"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as the command writes it; with the words of the resolution where its text is at hand."""
    out = tmp_path_factory.mktemp("site") / "review"
    text = [str(TEXT)] if TEXT.exists() else []
    command = [sys.executable, "-m", "stocktake.cli", "review", *text, "--out", str(out), "--as-of", "2026-11-22"]
    made = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
    assert made.returncode == 0, made.stderr
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium: missing, it fails in CI, else skips aloud."""
    executable = chromium()
    if executable is None:
        message = "SKIPPED, NOT PASSED: no Chromium; to run these tests: sudo apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") or os.environ.get("STOCKTAKE_STRICT"):
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield running
        running.close()
