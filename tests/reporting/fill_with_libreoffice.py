"""Run by the Python of LibreOffice: open a form in it, fill cells as a person would, save it as XLSX and as ODS.

Arguments: the form, a JSON file with [[code, column, text], ...], the two files to write. Text is entered as by a
keyboard, so that LibreOffice makes numbers and dates of what looks like one.
"""

import json
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def option(name, value):
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def connect(pipe, profile):
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


def fill(document, entries):
    rows = {}
    for sheet in document.Sheets:
        for row in range(200):
            rows.setdefault(sheet.getCellByPosition(0, row).String, (sheet, row))
    for code, column, text in entries:
        sheet, row = rows[code]
        cell = sheet.getCellByPosition(column, row)
        assert not cell.CellProtection.IsLocked, (code, column)
        cell.FormulaLocal = text


def main(form, entries, xlsx, ods):
    with tempfile.TemporaryDirectory() as profile:
        office, context = connect(f"stocktake{time.time_ns()}", profile)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        document = desktop.loadComponentFromURL(f"file://{form}", "_blank", 0, (option("Hidden", True),))
        with open(entries, encoding="utf-8") as handle:
            fill(document, json.load(handle))
        document.storeToURL(f"file://{xlsx}", (option("FilterName", "Calc MS Excel 2007 XML"),))
        document.storeToURL(f"file://{ods}", (option("FilterName", "calc8"),))
        document.close(True)
        try:
            desktop.terminate()
        except Exception:  # the bridge is gone with the office
            pass
        office.wait(60)


main(*sys.argv[1:])
