"""A report: whose, to which cycle, and its answers. ``stocktake.report/1`` as JSON.

Numbers are decimal strings and are kept as they were written (``66.80`` stays ``66.80``); keys that we do not know are
kept, in the head and in every answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from stocktake.reporting.form import AnswerState, Form
from stocktake.terms.dates import PartialDate
from stocktake.terms.intervals import Interval

FORMAT = "stocktake.report/1"
Row = tuple[tuple[str, str], ...]  # column and cell, in the order of the form


@dataclass(frozen=True)
class Answer:
    """One answer to one line of the form.

    ``value`` holds a number, a choice, a code, a period; ``low`` and ``high`` a range (one alone is a floor or a
    ceiling); ``rows`` a table; ``where`` the field or document that includes it; ``seal`` the commitment to a value
    that is published later; ``text`` words, or the reason of a refusal. ``remark`` answers a warning. ``extra`` are
    keys that this version does not know.
    """

    line: str
    state: AnswerState
    value: str | None = None
    low: str | None = None
    high: str | None = None
    unit: str | None = None
    rows: tuple[Row, ...] = ()
    where: str | None = None
    seal: str | None = None
    text: str | None = None
    as_of: str | None = None
    definition: str | None = None
    source: str | None = None
    language: str | None = None
    supersedes: str | None = None
    remark: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def interval(self) -> Interval | None:
        """The number with its bounds where one was given (a quantity as value or range); None otherwise."""
        if self.unit is None:
            return None
        if self.state is AnswerState.VALUE and self.value is not None:
            return Interval.point(Decimal(self.value))
        if self.state is AnswerState.RANGE:
            return Interval(
                None if self.low is None else Decimal(self.low), None, None if self.high is None else Decimal(self.high)
            )
        return None

    @property
    def date(self) -> PartialDate | None:
        return PartialDate.parse(self.as_of) if self.as_of else None


# The order in which an answer is written; also which keys are known.
SCALARS = (
    "value", "low", "high", "unit", "where", "seal", "text", "as_of", "definition", "source", "language", "supersedes",
    "remark",
)  # fmt: skip
ANSWER_KEYS = ("field", "item", "state", *SCALARS, "rows")
HEAD_KEYS = ("format", "form", "state", "cycle", "variant", "language", "answers")


@dataclass(frozen=True)
class Report:
    """``state`` is ISO 3166 alpha-3, ``cycle`` the year of the Review Conference that ends the cycle."""

    state: str
    cycle: str
    variant: str
    language: str
    form_version: str
    answers: tuple[Answer, ...]
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @cached_property
    def by_line(self) -> Mapping[str, Answer]:
        return {a.line: a for a in self.answers}

    @property
    def period(self) -> tuple[PartialDate, PartialDate] | None:
        """First and last date of the period covered (field 1.3), where it is given."""
        answer = self.by_line.get("1.3")
        if answer is None or answer.value is None:
            return None
        first, _, last = answer.value.partition("/")
        return PartialDate.parse(first), PartialDate.parse(last)


def report_document(report: Report, form: Form) -> dict[str, Any]:
    """The report as ``stocktake.report/1``, ready for ``json.dumps``."""
    return {
        "format": FORMAT,
        "form": {"id": form.id, "version": report.form_version},
        "state": report.state,
        "cycle": report.cycle,
        "variant": report.variant,
        "language": report.language,
        "answers": [answer_document(a, form) for a in report.answers],
        **report.extra,
    }


def answer_document(answer: Answer, form: Form) -> dict[str, Any]:
    line = form.by_code[answer.line]
    said: dict[str, Any] = {"field": line.field}
    if line.item:
        said["item"] = line.item
    said["state"] = answer.state.value
    said |= {key: getattr(answer, key) for key in SCALARS if getattr(answer, key) is not None}
    if answer.rows:
        said["rows"] = [dict(row) for row in answer.rows]
    return said | dict(answer.extra)
