"""Run by the Python of LibreOffice: open a form in it, fill cells as a person would, save it as XLSX and as ODS.

Arguments: the form, a JSON file with [[code, column, text], ...], the two files to write. Text is entered as by a
keyboard, so that LibreOffice makes numbers and dates of what looks like one.
"""

import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException


def option(name: str, value: Any) -> Any:
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def connect(pipe: str, profile: str) -> tuple[Any, Any]:
    office = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            f"-env:UserInstallation=file://{profile}",
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(240):
        try:
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
    office.kill()
    raise SystemExit("LibreOffice does not answer")


def fill(document: Any, entries: list[tuple[str, int, str]]) -> None:
    rows: dict[str, Any] = {}
    for sheet in document.Sheets:
        for row in range(200):
            rows.setdefault(sheet.getCellByPosition(0, row).String, (sheet, row))
    for code, column, text in entries:
        sheet, row = rows[code]
        cell = sheet.getCellByPosition(column, row)
        assert not cell.CellProtection.IsLocked, (code, column)
        cell.FormulaLocal = text


def main(form: str, entries: str, xlsx: str, ods: str) -> None:
    with tempfile.TemporaryDirectory() as profile:
        office, context = connect(f"stocktake{time.time_ns()}", profile)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        document = desktop.loadComponentFromURL(f"file://{form}", "_blank", 0, (option("Hidden", True),))
        fill(document, json.loads(Path(entries).read_text(encoding="utf-8")))
        document.storeToURL(f"file://{xlsx}", (option("FilterName", "Calc MS Excel 2007 XML"),))
        document.storeToURL(f"file://{ods}", (option("FilterName", "calc8"),))
        document.close(True)
        with suppress(DisposedException):  # the bridge is gone with the office
            desktop.terminate()
        office.wait(60)


main(*sys.argv[1:])
