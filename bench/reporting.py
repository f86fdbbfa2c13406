"""Speed of the reporting form, beside a peer or a limit in the same run: python bench/reporting.py

Check: opening and checking a full workbook, beside openpyxl loading the same bytes and nothing more.
Compare: five States in five cycles; a thousand reports from JSON, beside json.loads of the same bytes.
Refusal: a sheet of 100,000 rows.
"""

from __future__ import annotations

import io
import json
import platform
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from openpyxl import load_workbook

from stocktake.reporting.comparing import compare
from stocktake.reporting.findings import FormRefused
from stocktake.reporting.record import read_record
from stocktake.secretariat.form_workbook import write_form
from stocktake.secretariat.reports_desk import checked_report
from stocktake.secretariat.workbooks import open_workbook
from tests.reporting.cases import DESK, FORM, full_document, report_of

FIVE, CYCLES = ("CHN", "FRA", "GBR", "RUS", "USA"), ("2010", "2015", "2022", "2026", "2031")


def seconds(work: Callable[[], Any], times: int = 3) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}; a full report: {len(FORM.lines)} lines")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "full.xlsx"
        path.write_bytes(write_form(DESK, report_of(full_document()), None, "en"))
        ours = seconds(lambda: checked_report(path, DESK, None))
        peer = seconds(lambda: load_workbook(path))
        print(f"check of a full report     {ours:6.3f} s   openpyxl loads it   {peer:6.3f} s   ratio {ours / peer:.1f}")
    reports = [report_of(full_document(s, c)) for s in FIVE for c in CYCLES]
    wanted = [(r.state, r.cycle) for r in reports]
    print(f"compare 5 States x 5 cycles{seconds(lambda: compare(reports, FORM, wanted)):6.3f} s")
    states = sorted(DESK.states)
    texts = [json.dumps(full_document(states[n % 190], str(1990 + n // 190))) for n in range(1000)]
    plain = seconds(lambda: [json.loads(t) for t in texts], 1)

    def load_and_compare() -> None:
        found = [read_record("r", json.loads(t), FORM, DESK.states)[0] for t in texts]
        some = [r for r in found if r is not None]
        compare(some, FORM, [(r.state, r.cycle) for r in some])

    ours = seconds(load_and_compare, 1)
    print(
        f"1,000 reports load, compare{ours:6.2f} s   json.loads of the same  {plain:6.3f} s   ratio {ours / plain:.0f}"
    )
    print(f"100,000 rows refused       {seconds(lambda: refuse(large_sheet()), 1):6.2f} s (making the file included)")


def large_sheet() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 100_001))
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}'
    out = io.BytesIO()
    made = write_form(DESK, report_of(full_document()), None, "en")
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = (sheet + "</sheetData></worksheet>").encode() if name.endswith("sheet3.xml") else old.read(name)
            new.writestr(name, part)
    return out.getvalue()


def refuse(data: bytes) -> None:
    try:
        open_workbook("large.xlsx", data)
    except FormRefused as refused:
        assert refused.problem.code == "too-many-rows"
        return
    raise SystemExit("a sheet of 100,000 rows was let in")


if __name__ == "__main__":
    main()
