"""Yardsticks that people write: every problem at once with its line; and files that mean harm."""

from __future__ import annotations

import json
import os
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.ranking import open_weights
from stocktake.secretariat.yardsticks import (
    UnknownYardstick,
    bundled,
    file_schema,
    laid,
    open_yardstick,
    refuse_unfit,
)
from stocktake.terms.problems import StocktakeError
from stocktake.verification.errors import RefusedInput

GOOD = """\
format: stocktake.yardstick/1
title: Half by 2030
author: An organisation
source: Our report, page 4
benchmarks:
- id: half
  name: Half of the stockpile of 2020
  indicator: stockpile-estimated
  direction: down
  target: 0
  unit: thousand warheads
  applies_to: NWS
  baseline: {date: 2020}
  milestones: [{date: 2025, share: 0.75}, {date: 2030, share: 0.5}]
  deadline: 2045
"""


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_yardstick_in_yaml_and_in_json_is_the_same_yardstick(tmp_path: Path) -> None:
    one = open_yardstick(written(tmp_path, GOOD)).yardstick
    other = open_yardstick(written(tmp_path, json.dumps(yaml.safe_load(GOOD), indent=1), "mine.json")).yardstick
    assert one == other and one.benchmarks[0].basis == "proposed" and one.benchmarks[0].author == "An organisation"


def test_every_bundled_yardstick_fits_the_catalogue_and_names_its_source() -> None:
    known = bundled()
    refuse_unfit(list(known.values()), load_catalogue()[0])
    assert {"the-five", "non-aligned-2010", "new-agenda-coalition"} <= known.keys()
    for opened in known.values():
        y = opened.yardstick
        assert y.source and (y.benchmarks or y.without) and not (y.checked and y.seen == "memory")


def test_the_five_name_no_number_and_no_date_for_elimination_and_that_is_said() -> None:
    (stick,) = laid([open_yardstick("the-five")], load_catalogue()[0], date(2026, 11, 22))
    marks = [m for f in stick.measured.findings if f.benchmark.id == "elimination-by-the-five" for m in f.marks]
    assert {(m.verdict, m.reason) for m in marks} == {(None, "no number named")}


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("direction: down", "direction: sideways"), 6, "direction"),
        (("deadline: 2045", "deadline: 2045-13-01"), 6, "deadline"),
        (("deadline: 2045", "deadline: next year"), 6, "write 2020, 2020-12"),
        (("deadline: 2045", "deadline: 9999"), 6, "a year from 1900 to 2500"),
        (("  unit: thousand warheads\n", ""), 6, "a target has its unit"),
        (("target: 0", "target: -1"), 6, "target"),
        (("target: 0", "target: .inf"), 6, "target"),
        (("target: 0", "target: yes"), 6, "a number is expected"),
        (("target: 0", "target: 1e300"), 6, "target"),
        (("  baseline: {date: 2020}\n", ""), 6, "a share is of the baseline"),
        (("{date: 2025, share: 0.75}, {date: 2030, share: 0.5}", "{date: 2030, share: 0.5}, {date: 2025, share: 0.7}"),
         6, "in the order of their dates"),
        (("  target: 0", "  target: 0\n  target: 5"), 11, "stands twice"),
        (("  target: 0", "  goal: 0\n  target: 0"), 6, "there is no such field"),
        (("author: An organisation\n", ""), 1, "author: it is missing"),
        (("format: stocktake.yardstick/1", "format: stocktake.yardstick/2"), 1, "stocktake.yardstick/1"),
        (("name: Half of the stockpile of 2020", 'name: "\\e[2J Half"'), 6, "control character"),
        (("  target: 0", "  quantity: stockpile\n  target: 0"), 6, "one of the two"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_what_was_expected(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    file = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(RefusedInput) as refused:
        open_yardstick(file)
    assert any(p.row == line and said in p.message for p in refused.value.problems), str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("direction: down", "direction: sideways").replace("deadline: 2045", "deadline: soon")
    with pytest.raises(RefusedInput) as refused:
        open_yardstick(written(tmp_path, text + "- id: UPPER\n- 7\n"))
    assert len(refused.value.problems) >= 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("stockpile-estimated", "stockpile-estimate"), "perhaps stockpile-estimated"),
        (("applies_to: NWS", "applies_to: NSW"), "perhaps NWS"),
        (("applies_to: NWS", "applies_to: [CHN, ATLANTIS]"), "'ATLANTIS' is no State"),
        (("applies_to: NWS", "applies_to: ALL-STATES"), "more than 100 States"),
        (("thousand warheads", "tonnes"), "cannot be converted to warheads"),
        (
            ("benchmarks:", "units: [{id: thousand warheads, of: warheads, factor: 10}]\nbenchmarks:"),
            "is known already",
        ),
        (("indicator: stockpile-estimated", "indicator: cd-negotiations"), "only `direction: event`"),
    ],
)
def test_what_the_catalogue_does_not_have_is_named_with_what_it_has(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    opened = open_yardstick(written(tmp_path, GOOD.replace(*change)))
    with pytest.raises(RefusedInput, match=said):
        refuse_unfit([opened], load_catalogue()[0])


HOSTILE: list[tuple[str, bytes]] = [
    ("empty.yaml", b""),
    ("binary.yaml", bytes(range(256)) * 20),
    ("bomb.yaml", b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"),
    ("deep.yaml", b"[" * 5000),
    ("deep.json", b"[" * 200_000),
    ("list.yaml", b"- 1\n- 2\n"),
    ("list.json", b"[1, 2]"),
    ("word.json", b'"word"'),
    ("twice.json", b'{"format": "stocktake.yardstick/1", "format": "x"}'),
    ("nan.json", b'{"format": "stocktake.yardstick/1", "benchmarks": [{"target": NaN}]}'),
    ("python.yaml", b"!!python/object/apply:os.system [true]\n"),
    ("keys.yaml", b"? [a, b]\n: c\n"),
    ("map.yaml", b"format: stocktake.yardstick/1\nbenchmarks: {a: b}\n"),
    ("null.yaml", b"format: stocktake.yardstick/1\ntitle: t\nauthor: a\nsource: s\nbenchmarks: null\n"),
    ("many.yaml", b"format: stocktake.yardstick/1\nbenchmarks:\n" + b"- {id: x}\n" * 20_000),
    ("utf16.yaml", "format: stocktake.yardstick/1".encode("utf-16")),
]


@pytest.mark.parametrize(("name", "data"), HOSTILE, ids=[n for n, _ in HOSTILE])
def test_a_file_that_means_harm_is_refused_with_a_reason(tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    for open_ in (open_yardstick, open_weights):
        with pytest.raises(StocktakeError) as refused:
            open_(file)
        assert name in str(refused.value)


def test_a_folder_and_a_pipe_are_no_yardsticks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for place in (tmp_path, tmp_path / "pipe.yaml"):
        with pytest.raises(StocktakeError):
            open_yardstick(place)


def test_a_name_that_is_none_brings_those_that_are_near() -> None:
    with pytest.raises(UnknownYardstick, match="Did you mean the-five"):
        open_yardstick("the-fiv")


def test_the_published_schema_takes_every_bundled_yardstick_and_one_of_yours() -> None:
    schema: dict[str, Any] = file_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    home = files("stocktake").joinpath("catalogue", "yardsticks")
    texts = [home.joinpath(f"{name}.yaml").read_text(encoding="utf-8") for name in bundled()]
    for text in (GOOD, *texts):
        jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(text))
