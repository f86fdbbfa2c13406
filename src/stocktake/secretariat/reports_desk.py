"""What a reporting officer and an analyst need: a report begun, checked whole, laid beside others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stocktake.evidence.statements import Statement
from stocktake.reporting.comparing import Comparison, compare
from stocktake.reporting.declared import declared_statements
from stocktake.reporting.findings import FormProblem
from stocktake.reporting.form import AnswerState
from stocktake.reporting.reports import Answer, Report
from stocktake.reporting.rules import inconsistencies
from stocktake.secretariat.disclosures import estimates, load_disclosures
from stocktake.secretariat.form_catalogue import FormDesk
from stocktake.secretariat.forms import Opened, blocking, open_report
from stocktake.terms.dates import PartialDate

ENDINGS = (".json", ".xlsx", ".ods")


def begin_report(desk: FormDesk, state: str, cycle: str, language: str, variant: str) -> Report:
    """A report with nothing in it but whose it is."""
    own = Answer("1.1", AnswerState.VALUE, value=state)
    return Report(state, cycle, variant, language, desk.form.version, (own,))


def earlier_reports(desk: FormDesk, state: str, cycle: str, file: Path | None) -> tuple[Report, ...]:
    """The State's reports before this cycle: what it has really said in public, and the file given."""
    given = open_report(file, desk).report if file is not None else None
    known = [r for r in load_disclosures().reports if r.state == state and r.cycle < cycle]
    if given is not None:
        known = [r for r in known if r.cycle != given.cycle]
    return tuple(sorted((*known, *([given] if given else [])), key=lambda r: r.cycle))


def earlier_report(desk: FormDesk, state: str, cycle: str, file: Path | None) -> Report | None:
    """The last report before this cycle; None where there is none."""
    return next(reversed(earlier_reports(desk, state, cycle, file)), None)


def checked_report(file: Path, desk: FormDesk, previous: Path | None) -> Opened:
    """A report opened and checked: how it is written, whether it agrees with itself, and with the one before."""
    opened = open_report(file, desk)
    report = opened.report
    if report is None:
        return opened
    found = inconsistencies(
        report,
        desk.form,
        earlier=earlier_reports(desk, report.state, report.cycle, previous),
        others=[r for r in load_disclosures().reports if r.cycle == report.cycle and r.state != report.state],
        places=opened.places,
    )
    return replace(opened, problems=_without_echoes(opened.problems, found))


def _without_echoes(read: Sequence[FormProblem], found: Iterable[FormProblem]) -> tuple[FormProblem, ...]:
    """All problems; of a line that could not be read, not also that it is silent."""
    broken = {p.line for p in read if p.line}
    return (*read, *(p for p in found if not (p.code in ("silent-core", "now-withheld") and p.line in broken)))


@dataclass(frozen=True)
class Gathered:
    """Reports from files, and the files that hold none that can be used."""

    reports: tuple[Report, ...]
    unusable: tuple[str, ...]


def gather(paths: Iterable[Path], desk: FormDesk) -> Gathered:
    """Reports from files and folders; one with errors is named and left out."""
    reports, unusable = [], []
    for path in _files(paths):
        opened = open_report(path, desk)
        if opened.report is None or blocking(opened.problems):
            unusable.append(path.name)
        else:
            reports.append(opened.report)
    return Gathered(tuple(reports), tuple(unusable))


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in ENDINGS and not p.name.startswith("."))
        else:
            yield path


def compared(desk: FormDesk, wanted: Sequence[tuple[str, str]], own: Sequence[Report]) -> Comparison:
    """The wanted (State, cycle) pairs side by side; a report given takes the place of what is known in public."""
    known = load_disclosures()
    given = {(r.state, r.cycle) for r in own}
    reports = [*(r for r in known.reports if (r.state, r.cycle) not in given), *own]
    said = estimates(known.archive, desk.form, wanted)
    return compare(reports, desk.form, wanted, filings=known.filings, estimates=said)


def evidence_rows(desk: FormDesk, report: Report, filed: PartialDate, previous: Path | None) -> str:
    """What a report declares as CSV in the columns of the evidence tables."""
    earlier = earlier_reports(desk, report.state, report.cycle, previous)
    names = desk.names[report.state]
    found = declared_statements(report, desk.form, desk.words, names, earlier=earlier, stated_on=filed)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Statement.model_fields), lineterminator="\n")
    writer.writeheader()
    for statement in found:
        row = {k: "" if v is None else str(v) for k, v in statement}
        writer.writerow(row | {"checked": "yes" if statement.checked else "no"})
    return out.getvalue()
