"""The template in a real office: LibreOffice opens it, a script fills it, and what it saves is read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from stocktake.reporting.findings import Severity
from stocktake.reporting.layout import AT
from stocktake.secretariat.form_workbook import write_form
from stocktake.secretariat.forms import open_report
from stocktake.secretariat.reports_desk import begin_report
from tests.reporting.cases import DESK

FILLER = Path(__file__).with_name("fill_with_libreoffice.py")
ENTRIES = [
    ("1.2", "value", "NPT/CONF.2026"),
    ("1.2", "state", "valeur"),
    ("1.3", "state", "valeur"),
    ("1.3", "value", "2021-01-01/2025-12-31"),
    ("1.4", "state", "en mots"),
    ("1.4", "text", "Ministère de l'Europe et des affaires étrangères"),
    ("2.1", "state", "fourchette ou plafond"),
    ("2.1", "high", "290"),
    ("2.1", "as_of", "2025-12-31"),
    ("2.2", "state", "non divulgué"),
    ("2.5", "state", "valeur"),
    ("2.5", "value", "1 250"),
    ("2.6a", "state", "sans objet"),
    ("2.9", "state", "valeur"),
    ("2.9:1", "label", "TNO"),
    ("2.9:1", "state", "240"),
    ("4.3", "state", "valeur"),
    ("4.3", "value", "recours en premier non exclu"),
    ("6.2", "state", "valeur"),
    ("6.2", "value", "4,5"),
]


@pytest.mark.slow
def test_what_libreoffice_fills_and_saves_is_read_from_xlsx_and_from_ods(tmp_path: Path, libreoffice: Path) -> None:
    form, entries = tmp_path / "form.xlsx", tmp_path / "entries.json"
    report = begin_report(DESK, "FRA", "2026", "fr", "nuclear-weapon")
    form.write_bytes(write_form(DESK, report, None, "fr"))
    entries.write_text(json.dumps([(code, AT[column], text) for code, column, text in ENTRIES]), encoding="utf-8")
    saved = [tmp_path / "saved.xlsx", tmp_path / "saved.ods"]
    subprocess.run([libreoffice, FILLER, form, entries, *saved], check=True, timeout=180, capture_output=True)
    for path in saved:
        opened = open_report(path, DESK)
        assert [p for p in opened.problems if p.severity is Severity.ERROR] == [], path.name
        assert opened.report is not None
        said = opened.report.by_line
        assert (opened.report.state, opened.report.language) == ("FRA", "fr")
        assert (said["2.1"].high, said["2.1"].low, said["2.1"].as_of) == ("290", None, "2025-12-31")
        assert (said["2.2"].state, said["2.5"].value, said["6.2"].value) == ("withheld", "1250", "4.5")
        assert said["2.9"].rows == ((("designation", "TNO"), ("number", "240")),)
        assert (said["1.3"].value, said["4.3"].value) == ("2021-01-01/2025-12-31", "not-excluded")
