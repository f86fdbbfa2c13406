"""The catalogue in its log: each release extends the one before, the same bytes for all, and a review from any size."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path

from stocktake.ledger.audit import audit
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.log_catalogue import (
    broken_release,
    catalogue_log,
    catalogue_of,
    releases,
    what_was_known,
    write_release,
)
from stocktake.secretariat.log_reading import FilesReader

BUNDLED = Path(str(files("stocktake") / "catalogue"))


def test_each_release_extends_the_one_before() -> None:
    assert releases(BUNDLED) and broken_release(BUNDLED) is None


def test_the_log_alone_gives_the_catalogue_back() -> None:
    catalogue, _, _ = load_catalogue()
    log = catalogue_log(catalogue, None)
    again, _, _ = catalogue_of(log)
    assert again.archive.statements == catalogue.archive.statements
    assert again.register == catalogue.register and again.indicators == catalogue.indicators


def test_a_changed_row_is_a_correction_and_a_release_goes_back(tmp_path: Path) -> None:
    copy = tmp_path / "catalogue"
    shutil.copytree(BUNDLED, copy)
    before = what_was_known(copy, None)
    table = copy / "evidence" / "arsenals.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("FAS", "F.A.S.", 1), encoding="utf-8")
    after = what_was_known(copy, None)
    assert after.at["tree_size"] == before.at["tree_size"] + 1
    write_release(copy, 1_900_000_000)
    assert broken_release(copy) is None
    back = what_was_known(copy, before.at["tree_size"])
    assert back.log == before.log and audit(FilesReader(after.log)).holds
    assert back.catalogue.archive.statements == before.catalogue.archive.statements
    assert what_was_known(copy, date(2020, 1, 1)).at["reconstructed"]
