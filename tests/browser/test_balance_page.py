"""The diagnosis page of a balance in Chromium: read without JavaScript, by everyone, on a narrow screen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.test_pages import LEVEL_AA

BALANCE = Path(__file__).parents[2] / "docs" / "exercise" / "balance.json"


@pytest.mark.browser
@pytest.mark.xdist_group("browser-en")
@pytest.mark.parametrize("width", [360, 1200])
def test_the_diagnosis_page_is_accessible_and_fits(browser: Browser, tmp_path: Path, width: int) -> None:
    out = tmp_path / "balance.html"
    command = [sys.executable, "-m", "stocktake.cli", "account", str(BALANCE), "--material", "HEU", "--page", str(out)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(out.as_uri())
    assert page.locator("svg").count() == 5 and page.locator("script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert Axe().run(page, options=LEVEL_AA).response["violations"] == []
    assert all(url.startswith(("file:", "data:")) for url in asked)
    page.close()
