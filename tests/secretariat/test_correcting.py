"""Corrections of our own tables are read off the log: what stood there, what stands there, and since when."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from stocktake.evidence.corrections import Kind, superseded
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.correcting import own_corrections
from stocktake.secretariat.log_catalogue import what_was_known, write_release
from tests.test_cli import stocktake


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def test_each_correction_has_what_stood_there_and_the_day_of_its_release(fixtures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(fixtures / "catalogue", folder)
    write_release(folder, _seconds(date(2026, 1, 1)))
    assert own_corrections(what_was_known(folder, None).records) == ()
    table = folder / "evidence" / "moon.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    row = first.split(",")
    note, removed = head.split(",").index("note"), rest.pop().split(",")[0]
    row[note] = "read again"
    table.write_text("\n".join([head, ",".join(row), *rest]) + "\n", encoding="utf-8")
    found = {o.name: o for o in own_corrections(what_was_known(folder, None).records)}
    assert found[row[0]].changed == (("note", first.split(",")[note], "read again"),)
    assert found[row[0]].on is None
    assert found[removed].reason == "it is no longer in the catalogue"
    write_release(folder, _seconds(date(2026, 2, 1)))
    later = own_corrections(what_was_known(folder, None).records)
    assert {o.on for o in later} == {date(2026, 2, 1)}
    assert own_corrections(what_was_known(folder, date(2026, 1, 15)).records) == ()


def test_a_figure_given_where_a_refusal_stood_is_told_from_a_correction() -> None:
    catalogue, _, _ = load_catalogue()
    kinds = {f.later.id: f.kind for f in superseded(catalogue.archive)}
    assert kinds["ars-op5-125"] is Kind.LIFTED
    assert kinds["ars-op5-144"] is Kind.REPLACED
    assert kinds["cal-fas-usa-2009-02"] is Kind.CORRECTED
    assert set(kinds) == {s.id for s in catalogue.archive.statements if s.supersedes}


def test_at_the_terminal_each_list_tells_and_gives_json() -> None:
    for command, key in (("corrections", "superseding"), ("calibration", "estimators"), ("disclosure", "states")):
        told = stocktake(command, "--lang", "zh")
        assert told.returncode == 0 and "非正式" in told.stdout, told.stderr
        found = json.loads(stocktake(command, "--json").stdout)
        assert found["format"] == f"stocktake.{command}/1" and found[key] and found["statements"]
