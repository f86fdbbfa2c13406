"""What was known then against what is known now: where that is read from is said, and nothing later is let in."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from stocktake.assessment.changes import Cause, WrongOrder
from stocktake.secretariat.changing import make_changes
from stocktake.secretariat.log_catalogue import write_release
from tests.test_cli import stocktake

TODAY = date(2047, 1, 1)


@pytest.fixture
def catalogue(fixtures: Path, tmp_path: Path) -> Path:
    """The small catalogue with a log that began on 1 January 2046."""
    folder = tmp_path / "catalogue"
    shutil.copytree(fixtures / "catalogue", folder)
    write_release(folder, int(datetime(2046, 1, 1, tzinfo=UTC).timestamp()))
    return folder


def test_a_day_before_the_log_began_is_reconstructed_and_says_so(catalogue: Path) -> None:
    made = make_changes(date(2045, 6, 30), date(2046, 6, 30), today=TODAY, folder=catalogue)
    assert made.document.from_.known_at["reconstructed"] is True
    assert made.document.to.known_at["reconstructed"] is False
    after, before = (m.catalogue.archive for m in (made.comparison.after, made.comparison.before))
    day = date(2045, 6, 30)
    later = {s.id for s in after.statements if (s.stated_on or s.published or s.vintage or s.as_of).first > day}
    assert later and not later & {s.id for s in before.statements}


def test_a_row_corrected_since_a_release_is_a_correction(catalogue: Path) -> None:
    table = catalogue / "evidence" / "moon.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    n = next(i for i, row in enumerate(rows) if ",number," in row and ",estimated," in row)
    cells = rows[n].split(",")
    best = rows[0].split(",").index("best")
    cells[best] = str(int(cells[best]) + 1)
    rows[n] = ",".join(cells)
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = make_changes(date(2046, 6, 30), date(2046, 6, 30), known_to=TODAY, today=TODAY, folder=catalogue)
    found = {(r.cause, r.statements) for c in made.comparison.changes for r in c.reasons}
    assert found == {(Cause.CORRECTION, (cells[0],))}


def test_nothing_changed_between_a_day_and_itself(catalogue: Path) -> None:
    made = make_changes(date(2046, 6, 30), date(2046, 6, 30), today=TODAY, folder=catalogue)
    assert made.document.changes == []


def test_what_was_known_earlier_comes_first(catalogue: Path) -> None:
    with pytest.raises(WrongOrder, match="give what was known earlier first"):
        make_changes(
            date(2045, 6, 30),
            date(2046, 6, 30),
            known_from=date(2046, 6, 30),
            known_to=date(2045, 6, 30),
            today=TODAY,
            folder=catalogue,
        )


def test_at_the_terminal_it_tells_or_gives_json_and_refuses_days_in_the_wrong_order(fixtures: Path) -> None:
    own = ("--catalogue", fixtures / "catalogue")
    told = stocktake("changes", "2045-01-31", "2045-12-31", *own)
    assert told.returncode == 0 and "records of the log" in told.stdout, told.stderr
    found = json.loads(stocktake("changes", "2045-01-31", "2045-12-31", "--json", *own).stdout)
    assert found["format"] == "stocktake.changes/1"
    named = {id for c in found["changes"] for r in c["reasons"] for id in r["statements"]}
    assert named == set(found["statements"])
    refused = stocktake("changes", "2045-12-31", "2045-01-31", *own)
    assert refused.returncode == 1 and "give" in refused.stderr and not refused.stdout
    assert stocktake("changes", "2045", "today", *own).returncode == 2
