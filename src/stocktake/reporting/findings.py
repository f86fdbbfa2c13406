"""What is wrong with a report: data with a stable code, a place, a severity; said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from stocktake.reporting.form import AnswerState, FormWords
from stocktake.terms.problems import StocktakeError


class Severity(StrEnum):
    """Errors block a report; a warning wants an answer (field ``remark``); a note needs none."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """Where it stands: ``sheet`` and ``cell`` of a workbook (``E12``), or ``cell`` alone: a pointer into JSON."""

    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell or ""


NOWHERE = Place()


@dataclass(frozen=True)
class FormProblem:
    """One thing wrong. ``said`` fills the gaps of the sentence; ``answered`` says that a warning has its answer."""

    code: str
    severity: Severity
    place: Place = NOWHERE
    line: str | None = None
    said: tuple[tuple[str, str], ...] = ()
    answered: bool = False


def problem(
    code: str, place: Place, line: str | None = None, severity: Severity = Severity.ERROR, /, **said: str
) -> FormProblem:
    return FormProblem(code, severity, place, line, tuple(sorted(said.items())))


MOST_SHOWN = 60  # characters of what was found


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _shown(text: str) -> str:
    """What was found as it may be shown: control characters would move a cursor, long texts fill a page."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return clean if len(clean) <= MOST_SHOWN else clean[: MOST_SHOWN - 1] + "…"


def message(problem: FormProblem, words: FormWords) -> str:
    return words.problems[problem.code][0].format_map(_gaps(problem, words))


def remedy(problem: FormProblem, words: FormWords) -> str:
    return words.problems[problem.code][1].format_map(_gaps(problem, words))


def _gaps(problem: FormProblem, words: FormWords) -> Mapping[str, str]:
    said = {k: _named(_shown(v) if k in ("found", "other") else v, words) for k, v in problem.said}
    return _Gaps({"label": label_of(problem.line or "", words)} | said)


def _named(text: str, words: FormWords) -> str:
    """A list of kinds of answer or of columns by their names; anything else as it is."""
    names = {state.value: words.state(state) for state in AnswerState} | words.columns
    parts = text.split(", ")
    return ", ".join(names[part] for part in parts) if all(part in names for part in parts) else text


def label_of(code: str, words: FormWords) -> str:
    """The name of the field that a line belongs to; empty for what is no line."""
    found = words.fields.get(code) or words.fields.get(code[:-1])
    return found[0] if found else ""


class FormRefused(StocktakeError):
    """A file that is not opened as a report at all; carries the problem, to be said in the reader's language."""

    code = "form-refused"

    def __init__(self, code: str, name: str, **said: str) -> None:
        self.name = name
        self.problem = problem(code, Place(), None, **said)
        super().__init__(f"{name}: {code} ({', '.join(f'{k}: {v}' for k, v in self.problem.said)})")
