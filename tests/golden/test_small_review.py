"""The review of a small resolution of our own, approved line by line.

A difference fails and shows itself. Look at it; if it is meant, run: pytest tests/golden --approve
"""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path

import pytest

APPROVED = Path(__file__).parent / "approved"
FIXTURES = Path(__file__).parents[1] / "fixtures"
AS_OF = "2045-12-31"


def stocktake(*arguments: str) -> str:
    command = [sys.executable, "-m", "stocktake.cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={"COLUMNS": "100"})
    assert done.returncode == 0, done.stderr
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("golden") / "review"
    text = FIXTURES / "small_resolution.zh.txt"
    stocktake("review", str(text), "--catalogue", str(FIXTURES / "catalogue"), "--as-of", AS_OF, "--out", str(out))
    return out


def listing(site: Path) -> str:
    """Every file by name; the record of the review itself, whose name hangs on each word of the review, by its kind."""
    names = {str(p.relative_to(site)): p for p in site.rglob("*") if p.is_file()}
    record = next(n for n, p in names.items() if n.startswith("log/blob/") and b'"kind":"review"' in p.read_bytes())
    return "".join(f"{name}\n" for name in sorted(names.keys() - {record})) + "log/blob/(the record of the review)\n"


def shown(paragraph: str, lang: str) -> str:
    catalogue = str(FIXTURES / "catalogue")
    return stocktake("show", f"A/RES/99/1#{paragraph}", "--catalogue", catalogue, "--as-of", AS_OF, "--lang", lang)


def test_every_file_and_every_answer_is_as_approved(site: Path, approve: bool) -> None:
    found = {
        "files.txt": listing(site),
        "review.json": (site / "review.json").read_text(encoding="utf-8"),
        "op1.html": (site / "en" / "op1.html").read_text(encoding="utf-8"),
        **{f"{p}.{lang}.txt": shown(p, lang) for p in ("op1", "op2", "op3", "op4", "op5") for lang in ("en", "zh")},
    }
    if approve:
        APPROVED.mkdir(exist_ok=True)
        for name, text in found.items():
            (APPROVED / name).write_text(text, encoding="utf-8")
    approved = {p.name: p.read_text(encoding="utf-8") for p in sorted(APPROVED.iterdir())}
    assert sorted(found) == sorted(approved)
    changed = [
        line
        for name, text in found.items()
        for line in difflib.unified_diff(
            approved[name].splitlines(), text.splitlines(), f"approved/{name}", f"found/{name}", lineterm=""
        )
    ]
    assert not changed, "\n".join(["not as approved:", *changed])
