"""Screenshots of a built site, to be looked at: ``python tests/browser/shots.py SITE OUTDIR``.

English and Chinese, desktop and phone: the index and four paragraphs that differ most from each other.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": 1280, "phone": 390}
PAGES = ("index", "op5", "op6", "op20", "pp22")


def chromium() -> str | None:
    """The path of the system's Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def take(site: Path, folder: Path) -> list[Path]:
    """Whole-page screenshots of ``site`` as PNG files in ``folder``, named language-width-page."""
    executable = chromium()
    if executable is None:
        raise SystemExit("No Chromium on this machine: sudo apt-get install chromium fonts-noto-cjk")
    folder.mkdir(parents=True, exist_ok=True)
    shots = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        for name, width in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": 844 if name == "phone" else 900})
            for language in ("en", "zh"):
                for stem in PAGES:
                    page.goto((site / language / f"{stem}.html").resolve().as_uri())
                    shots.append(folder / f"{language}-{name}-{stem}.png")
                    page.screenshot(path=shots[-1], full_page=True)
        browser.close()
    return shots


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("Usage: python tests/browser/shots.py SITE OUTDIR")
    for shot in take(Path(sys.argv[1]), Path(sys.argv[2])):
        sys.stdout.write(f"{shot}\n")
