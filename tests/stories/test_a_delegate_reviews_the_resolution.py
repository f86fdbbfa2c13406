"""A delegate at the First Committee has the resolution in front of her and must say what has happened since.

End to end, on the real text, through the commands that she would type.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.shared

AS_OF = "2026-11-22"


def stocktake(*arguments: str) -> str:
    command = [sys.executable, "-m", "stocktake.cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={"COLUMNS": "160"})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def text(shared: Path) -> Path:
    return shared / "texts" / "A_RES_75_65.zh.txt"


@pytest.fixture(scope="module")
def document(text: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(stocktake("read", str(text), "--json"))
    return read


@pytest.fixture(scope="module")
def out(text: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delegate") / "review"
    said = stocktake("review", str(text), "--as-of", AS_OF, "--out", str(folder))
    assert len(re.findall(r"^\d+ ", said, flags=re.MULTILINE)) == 27, "a line a paragraph"
    assert "Not determined" in said
    assert str(folder / "index.html") in said.replace("\n", "")
    return folder


@pytest.fixture(scope="module")
def made(out: Path) -> dict[str, Any]:
    review: dict[str, Any] = json.loads((out / "review.json").read_text(encoding="utf-8"))
    return review


def paragraph(made: dict[str, Any], anchor: str) -> dict[str, Any]:
    found: dict[str, Any] = next(p for p in made["paragraphs"] if p["id"] == f"A/RES/75/65#{anchor}")
    return found


def findings(made: dict[str, Any], anchor: str, indicator: str, subject: str) -> list[dict[str, Any]]:
    rows = paragraph(made, anchor)["findings"]
    return [f for f in rows if (f["indicator"], f["subject"]) == (indicator, subject)]


def test_she_reads_the_text_and_finds_every_paragraph(document: dict[str, Any]) -> None:
    assert (len(document["preambular"]), len(document["operative"]), len(document["footnotes"])) == (30, 27, 13)
    assert (document["symbol"], document["adopted"]) == ("A/RES/75/65", "2020-12-07")


def test_every_page_shows_the_words_of_exactly_that_paragraph(out: Path, document: dict[str, Any]) -> None:
    for section, prefix in (("operative", "op"), ("preambular", "pp")):
        for p in document[section]:
            for lang in ("en", "zh"):
                page = (out / lang / f"{prefix}{p['n']}.html").read_text(encoding="utf-8")
                quoted = re.search(r'<blockquote class="words"[^>]*>(.*?)</blockquote>', page, flags=re.DOTALL)
                assert quoted is not None
                assert unescape(re.sub(r"<[^>]+>", "", quoted[1])).strip() == p["text"]


def test_inventory_and_stockpile_of_2025_stand_as_two_kinds(made: dict[str, Any], out: Path) -> None:
    stockpile, inventory = (findings(made, "op5", f"world-{kind}", "WORLD")[0] for kind in ("stockpile", "inventory"))
    known = made["statements"]
    of_2025 = [
        {(known[id]["quantity"], known[id]["best"]) for id in f["evidence"] if known[id]["as_of"].startswith("2025")}
        for f in (stockpile, inventory)
    ]
    assert ("stockpile", "9614") in of_2025[0] and ("inventory", "12241") in of_2025[1]
    page = (out / "en" / "op5.html").read_text(encoding="utf-8")
    assert "stockpile (without retired warheads)" in page and "inventory (with retired warheads)" in page
    assert "9,614" in page and "12,241" in page


def test_operative_paragraph_6_has_five_subjects_in_one_reading_and_nine_in_the_other() -> None:
    shown = json.loads(stocktake("show", "A/RES/75/65#op6", "--json", "--as-of", AS_OF))
    [clause] = shown["clauses"]
    assert {r["id"]: len(r["addressees"]) for r in clause["readings"]} == {"zh": 5, "en": 9}
    for reading, size in (("zh", 5), ("en", 9)):
        counted = [f for f in shown["findings"] if f["reading"] == reading and f["indicator"] == "high-alert"]
        assert len({f["subject"] for f in counted}) == size
        assert {(f["verdict"], f["reason"]) for f in counted} == {("undetermined", "no data")}


@pytest.mark.parametrize(
    ("why", "as_of", "anchor", "subject", "figures", "answer"),
    [
        ("35 to 20 has been re-estimated: no event, nobody else saw it", "2021-12-31", "op16", "PRK", (35, 20),
         ("undetermined", "estimate revised")),
        ("4,310 to 4,495 likewise", "2021-12-31", "op5", "RUS", (4310, 4495), ("undetermined", "estimate revised")),
        ("350 to 600: construction is dated and another government counts more", "2025-12-31", "op5", "CHN", (350, 600),
         ("reversed", None)),
        ("3,750 to 3,700 is an estimate here, and within its author's revisions", "2025-12-31", "op5", "USA",
         (3750, 3700), ("undetermined", "estimate revised")),
    ],
)  # fmt: skip
def test_estimates_are_not_taken_for_changes(
    why: str, as_of: str, anchor: str, subject: str, figures: tuple[int, int], answer: tuple[str, str | None]
) -> None:
    shown = json.loads(stocktake("show", f"A/RES/75/65#{anchor}", "--json", "--as-of", as_of))
    [found] = [f for f in shown["findings"] if (f["indicator"], f["subject"]) == ("stockpile-estimated", subject)]
    assert (found["baseline"]["best"], found["value"]["best"]) == figures
    assert (found["verdict"], found["reason"]) == answer, why
    assert found["accepted_by_subject"] == ("abstained" if subject == "PRK" else "against")


def test_the_tolerance_is_the_headline() -> None:
    said = stocktake("show", "A/RES/75/65#op5", "--as-of", "2025-12-31")
    assert "holds unless both figures err by more than 26 %" in " ".join(said.split())


def test_at_least_twenty_operative_paragraphs_rest_on_evidence(made: dict[str, Any]) -> None:
    operative = [p for p in made["paragraphs"] if p["section"] == "operative"]
    assert len(operative) == 27
    resting = [p for p in operative if any(f["evidence"] for f in p["findings"])]
    assert len(resting) >= 20


def test_a_paragraph_that_asks_no_act_is_not_decorated(made: dict[str, Any]) -> None:
    for p in made["paragraphs"]:
        if all(c["duty"] == "none" for c in p["clauses"]):
            assert p["findings"] == []


def test_she_follows_a_figure_to_its_source(out: Path) -> None:
    page = (out / "en" / "op5.html").read_text(encoding="utf-8")
    row = re.search(r'<a class="fig" href="#s-([^"]+)">350 \(2020\)</a>', page)
    assert row is not None
    source = re.search(rf'<li id="s-{re.escape(row[1])}"[^>]*>', page)
    assert source is not None
    assert 'data-verification="estimated"' in source[0] and 'data-speaker="FAS"' in source[0]
