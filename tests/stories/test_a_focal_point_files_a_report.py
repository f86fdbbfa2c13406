"""A focal point fills the form badly, reads the problems, corrects; an analyst lays five reports side by side."""

from __future__ import annotations

import csv
import io
import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from stocktake.cli import app
from stocktake.reporting.layout import AT

FRAME = {"as_of": "2025-12-31", "definition": "SDRF glossary 1", "source": "National report 2026"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(app, args)


def fill(path: Path, **cells: dict[str, Any]) -> None:
    """Write into cells as a person does; a line is named by its code with an underscore for the point."""
    book = load_workbook(path)
    rows = {str(row[0].value): row for sheet in book for row in sheet.iter_rows() if row[0].value}
    for code, said in cells.items():
        row = rows[code.strip("_").replace("_", ".")]
        for column, text in said.items():
            row[AT[column]].value = text
    book.save(path)


def test_from_the_template_to_the_review(desk: Path) -> None:
    # The template carries what was said before, in grey, and is never written over.
    made = run("form", "template", "--state", "FRA", "--cycle", "2026", "--lang", "fr")
    form = desk / "sdrf-FRA-2026-fr.xlsx"
    assert made.exit_code == 0 and form.exists()
    assert run("form", "template", "--state", "FRA", "--cycle", "2026", "--lang", "fr").exit_code != 0
    said_before = [str(c.value) for sheet in load_workbook(form) for row in sheet.iter_rows() for c in row if c.value]
    assert any(text.startswith("au plus 300") for text in said_before)

    # Filled badly: a ceiling as a number, a word as a number, a date that may be two, a formula.
    fill(
        form,
        _2_1={"state": "valeur", "value": "<300", **FRAME},
        _2_2={"state": "valeur", "value": "beaucoup", **FRAME},
        _2_5={"state": "valeur", "value": "=4+5", **FRAME},
        _6_2={"state": "valeur", "value": "1.234", **FRAME},
    )
    checked = run("form", "check", str(form), "--comments", "annote.xlsx", "--json")
    assert checked.exit_code == 1
    problems = json.loads(checked.stdout)["problems"]
    errors = {(p["line"], p["code"], p["cell"][0]) for p in problems if p["severity"] == "error"}
    assert errors == {
        ("2.1", "bound-as-number", "E"),
        ("2.2", "not-a-number", "E"),
        ("2.5", "formula", "E"),
        ("6.2", "ambiguous-number", "E"),
    }
    assert any("est une borne" in p["message"] for p in problems)
    comments = [c.comment.text for sheet in load_workbook("annote.xlsx") for row in sheet for c in row if c.comment]
    assert any("beaucoup" in text for text in comments)
    assert run("form", "convert", str(form), "report.json").exit_code == 1
    assert not (desk / "report.json").exists()

    # Corrected; one figure that was public is withheld: the form says that this will be recorded as a withdrawal.
    fill(
        form,
        _2_1={"state": "non divulgué", "value": None, "text": "sécurité", "as_of": "2026-03-02"},
        _2_2={"value": 240},
        _2_5={"value": 0},
        _6_2={"state": "fourchette ou plafond", "value": None, "low": "4", "high": "8"},
        _4_3={"state": "valeur", "value": "recours en premier non exclu"},
    )
    checked = run("form", "check", str(form))
    assert checked.exit_code == 0
    assert "ce sera noté comme retiré" in " ".join(checked.stdout.split())
    assert run("form", "convert", str(form), "report.json").exit_code == 0

    # The analyst: five States, the new report among them.
    compared = run("form", "compare", "--reports", "report.json", "--csv", "--html", "compare.html")
    assert compared.exit_code == 0
    rows = {(r["line"], r["state"]): r for r in csv.DictReader(io.StringIO(compared.stdout))}
    assert {state for _, state in rows} == {"CHN", "FRA", "GBR", "RUS", "USA"}
    assert (rows["2.1", "FRA"]["kind"], rows["2.1", "FRA"]["withdrawn_from"]) == ("withheld", "2022")
    assert rows["2.2", "FRA"]["value"] == "240" and rows["2.1", "USA"]["value"] == "3748"
    assert "<script" not in (page := (desk / "compare.html").read_text(encoding="utf-8")) and "withheld" in page

    # What the report declares reaches a review as declared, and the withdrawal is an event of the record.
    with as_file(files("stocktake").joinpath("catalogue")) as bundled:
        shutil.copytree(bundled, desk / "catalogue")
    declared = run("form", "statements", "report.json", "--filed", "2026-03-02")
    (desk / "catalogue/evidence/sdrf-fra-2026.csv").write_text(declared.stdout, encoding="utf-8")
    statements = {r["id"]: r for r in csv.DictReader(io.StringIO(declared.stdout))}
    assert statements["sdrf-fra-2026-2.1"]["form"] == "withdrawn"
    assert {r["verification"] for r in statements.values()} == {"declared"}
    reviewed = run("review", "--catalogue", "catalogue", "--as-of", "2026-11-22", "--json", "--out", "site")
    assert reviewed.exit_code == 0, reviewed.output
    pages = "".join(p.read_text(encoding="utf-8") for p in (desk / "site/en").glob("*.html"))
    assert "France no longer makes public: Military stockpile" in pages
