"""Reports as files: opened from XLSX, ODS or JSON, written whole or not at all, comments put into a copy."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from stocktake.reporting.findings import FormProblem, FormRefused, Place, Severity, message, remedy
from stocktake.reporting.form import FormWords
from stocktake.reporting.reading import read_workbook
from stocktake.reporting.record import read_record
from stocktake.reporting.reports import Report, report_document
from stocktake.secretariat.form_catalogue import FormDesk
from stocktake.secretariat.form_workbook import write_form
from stocktake.secretariat.output import OutputRefused
from stocktake.secretariat.workbooks import Workbook, open_workbook, read_bytes

AUTHOR = "stocktake"


@dataclass(frozen=True)
class Opened:
    """A report as a file held it, the problems of reading it, and where each of its answers stands."""

    report: Report | None
    problems: tuple[FormProblem, ...]
    places: Mapping[str, Place]
    workbook: Workbook | None


def open_report(path: Path, desk: FormDesk) -> Opened:
    """Read a report from XLSX, ODS or JSON; told by its bytes, not by its name.

    Raises FormRefused for a file that is not opened at all.
    """
    data = read_bytes(path)
    if data.startswith(b"PK"):
        book = open_workbook(path.name, data)
        found = read_workbook(path.name, book.sheets, desk.form, desk.words, desk.states)
        return Opened(found.report, found.problems, found.places, book)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        open_workbook(path.name, data)  # refuses it with its reason
    report, problems, places = read_record(path.name, _json(path.name, data), desk.form, desk.states)
    return Opened(report, problems, places, None)


def _json(name: str, data: bytes) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=once)
    except UnicodeDecodeError:
        raise FormRefused("not-a-form-file", name, reason="neither ZIP nor UTF-8") from None
    except RecursionError:
        raise FormRefused("not-a-form-file", name, reason="JSON nested too deep") from None
    except ValueError as error:
        raise FormRefused("not-a-form-file", name, reason=f"JSON: {error}") from None


def report_json(report: Report, desk: FormDesk) -> bytes:
    return (json.dumps(report_document(report, desk.form), ensure_ascii=False, indent=1) + "\n").encode()


def report_file(report: Report, desk: FormDesk, suffix: str, *, language: str) -> bytes:
    """The report as the bytes of a file with that ending: .json or .xlsx."""
    if suffix == ".json":
        return report_json(report, desk)
    if suffix == ".xlsx":
        return write_form(desk, report, None, language)
    raise OutputRefused(f"{suffix or 'no ending'}: a report is written as .json or .xlsx. Choose another name.")


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole or not at all; someone's filled form is never written over."""
    if path.exists() or path.is_symlink():
        raise OutputRefused(f"{path} is there already and may hold answers. Choose another name, or remove it first.")
    try:
        handle, fresh = mkstemp(prefix=f".{path.name[:100]}.", suffix=".new", dir=path.parent)
    except OSError as error:
        raise OutputRefused(f"{path}: nothing can be written there ({error.strerror}).") from None
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(fresh).chmod(0o644)
        os.link(fresh, path)  # fails where a file has come up in the meantime
    except FileExistsError:
        raise OutputRefused(f"{path} is there already. Choose another name, or remove it first.") from None
    finally:
        Path(fresh).unlink(missing_ok=True)


def commented(book: Workbook, problems: Iterable[FormProblem], words: FormWords) -> bytes:
    """A copy of the workbook with each problem as a comment in its cell.

    Only what was let in is copied: values, styles, drop-downs, protection; no pictures, links or earlier comments.
    """
    from openpyxl import load_workbook
    from openpyxl.comments import Comment

    if book.kind != "xlsx":
        raise OutputRefused("Comments are written into XLSX only. Save the form as .xlsx and check that file.")
    copy: Any = load_workbook(io.BytesIO(book.data), data_only=False, keep_links=False)
    by_cell: dict[tuple[str, str], list[FormProblem]] = {}
    for found in problems:
        if found.place.sheet in copy.sheetnames and found.place.cell:
            by_cell.setdefault((str(found.place.sheet), found.place.cell), []).append(found)
    for (sheet, cell), some in by_cell.items():
        text = "\n".join(f"{words.severities[p.severity]}: {message(p, words)}. {remedy(p, words)}" for p in some)
        copy[sheet][cell].comment = Comment(text, AUTHOR, width=320, height=60 + 40 * len(some))
    out = io.BytesIO()
    copy.save(out)
    return out.getvalue()


def blocking(problems: Iterable[FormProblem]) -> bool:
    return any(p.severity is Severity.ERROR for p in problems)
