"""An organisation has a timeline of its own, and wants to know how far the world is from it, beside another's.

End to end, through the commands that it would type.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

OURS = """\
format: stocktake.yardstick/1
title: Fewer each year
author: A small organisation
source: Our appeal of 2021
benchmarks:
- id: four-thousand
  name: At most 3,000 each by 2025
  indicator: stockpile-estimated
  direction: down
  target: {target}
  unit: {unit}
  applies_to: [RUS, USA]
  deadline: 2025
- id: open-books
  name: Own figure below 3,750
  indicator: stockpile-declared
  direction: down
  target: 3749
  unit: warheads
  applies_to: [CHN, USA]
  deadline: 2024
"""


def stocktake(*arguments: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "stocktake.cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={"COLUMNS": "160"})
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("organisation") / "ours.yaml"
    file.write_text(OURS.format(target=3000, unit="warheads"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def out(ours: Path) -> Path:
    folder = ours.parent / "review"
    stocktake(
        "review", "--as-of", "2026-11-22", "--yardstick", str(ours), "--yardstick", "the-five", "--out", str(folder)
    )
    return folder


def words(document: dict[str, Any]) -> dict[str, list[tuple[str, str | None]]]:
    return {f["id"]: [(m["verdict"], m["reason"]) for m in f["marks"]] for f in document["findings"]}


def test_it_is_told_what_was_met_and_missed_and_where_a_state_withholds(ours: Path) -> None:
    said = json.loads(stocktake("yardstick", "run", str(ours), "--as-of", "2026-11-22", "--json"))
    (found,) = said["yardsticks"]
    assert words(found) == {
        "four-thousand.RUS": [("missed", None)],
        "four-thousand.USA": [("missed", None)],
        "open-books.CHN": [("undetermined", words(found)["open-books.CHN"][0][1])],
        "open-books.USA": [("met", None)],
    }
    assert words(found)["open-books.CHN"][0][1] in ("no data", "withheld")


def test_in_thousands_it_is_the_same_yardstick(ours: Path) -> None:
    other = ours.with_name("thousands.yaml")
    other.write_text(OURS.format(target=3, unit="thousand warheads"), encoding="utf-8")
    run = [json.loads(stocktake("yardstick", "run", str(f), "--as-of", "2026", "--json")) for f in (ours, other)]
    one, two = (r["yardsticks"][0]["findings"] for r in run)
    for a, b in zip(one, two, strict=True):
        assert {k: v for k, v in a.items() if k != "explanation"} == {k: v for k, v in b.items() if k != "explanation"}


def test_laid_on_the_past_the_deadline_had_not_come(ours: Path) -> None:
    said = json.loads(stocktake("yardstick", "run", str(ours), "--as-of", "2022", "--as-of", "2026", "--json"))
    then, now = (words(y)["four-thousand.USA"] for y in said["yardsticks"])
    assert (then, now) == ([("pending", None)], [("missed", None)])


def test_the_review_carries_both_yardsticks_with_their_digests_and_fits_its_schema(out: Path) -> None:
    review = json.loads((out / "review.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads((out / "review.schema.json").read_text())).validate(review)
    first, (second,) = review["yardstick"], review["yardstick"]["beside"]
    assert first["title"]["en"] == "Fewer each year" and second["name"] == "the-five.yaml"
    assert all(re.fullmatch("[0-9a-f]{64}", y["digest"]) for y in (first, second))
    cited = {id for y in (first, second) for f in y["findings"] for id in f["evidence"]}
    assert cited <= review["statements"].keys()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_shows_them_side_by_side_and_ranks_nobody(out: Path, lang: str) -> None:
    page = (out / lang / "yardsticks.html").read_text(encoding="utf-8")
    assert page.count("Fewer each year") > 1
    anchors = set(re.findall(r'id="(s-[^"]+)"', page))
    assert set(re.findall(r'href="#(s-[^"]+)"', page)) <= anchors
    assert not [p for p in out.rglob("*") if "rank" in p.name]


def test_under_a_paragraph_only_what_is_about_it_is_shown(ours: Path) -> None:
    answer = json.loads(stocktake("show", "op14", "--yardstick", str(ours), "--as-of", "2026-11-22", "--json"))
    assert answer.get("yardstick") is None
    answer = json.loads(stocktake("show", "op5", "--yardstick", str(ours), "--as-of", "2026-11-22", "--json"))
    assert len(answer["yardstick"]["findings"]) == 4


def test_a_file_with_faults_is_refused_whole_with_every_line(ours: Path) -> None:
    broken = ours.with_name("broken.yaml")
    broken.write_text(OURS.format(target=-3, unit="warheads").replace("down", "sideways", 1), encoding="utf-8")
    said = stocktake("yardstick", "check", str(broken), code=1)
    assert said.count("broken.yaml:6:") == 2


def test_nobody_is_ranked_without_weights_of_the_one_who_asks(ours: Path) -> None:
    assert "no weights of ours" in stocktake("rank", code=1)
    file = ours.with_name("weights.yaml")
    file.write_text(
        "format: stocktake.weights/1\nauthor: Us\nindicators: {stockpile-estimated: 1}\n"
        "words: {advanced: 1, unchanged: 0, reversed: -1}\n",
        encoding="utf-8",
    )
    said = json.loads(stocktake("rank", "--weights", str(file), "--as-of", "2026-11-22", "--json"))
    ranks = {s["subject"]: (s["best_rank"], s["worst_rank"], len(s["open"])) for s in said["standings"]}
    assert ranks["RUS"][0] < ranks["RUS"][1] and ranks["RUS"][2] == 1
