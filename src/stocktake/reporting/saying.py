"""Answers in words: what a cell, a row of a table or a comparison shows of an answer."""

from __future__ import annotations

from stocktake.reporting.form import AnswerState, FormWords, Line
from stocktake.reporting.reports import Answer

MOST_BEFORE = 300  # characters of an earlier answer beside the new one


def answer_in_words(answer: Answer, line: Line, words: FormWords) -> str:
    """The answer itself, without its date and source: ``at most 260``, ``withheld``, ``3 rows``."""
    page = words.page
    match answer.state:
        case AnswerState.VALUE if answer.rows:
            return "; ".join(" · ".join(text for _, text in row) for row in answer.rows)
        case AnswerState.VALUE if line.definition.kind == "choice":
            return words.choices[line.definition.choice or ""].get(answer.value or "", answer.value or "")
        case AnswerState.VALUE:
            return grouped(answer.value or "") if answer.unit else answer.value or ""
        case AnswerState.RANGE:
            return _bounds(answer.low, answer.high, page)
        case AnswerState.NARRATIVE:
            return answer.text or ""
        case AnswerState.INCLUDED_ELSEWHERE:
            return f"{words.state(answer.state)}: {answer.where}"
    return words.state(answer.state)


def _bounds(low: str | None, high: str | None, page: dict[str, str]) -> str:
    if low is None:
        return page["at_most"].format(high=grouped(high or ""))
    if high is None:
        return page["at_least"].format(low=grouped(low))
    return page["between"].format(low=grouped(low), high=grouped(high))


def grouped(number: str) -> str:
    """A decimal string with its thousands apart: ``12,088``; as the pages of the review write numbers."""
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdecimal() and len(whole) < 30 else number


def said_before(answer: Answer, line: Line, words: FormWords) -> str:
    """An earlier answer in one line, with its date."""
    said = answer_in_words(answer, line, words)
    unit = f" {words.units.get(answer.unit, answer.unit)}" if answer.unit else ""
    dated = f" ({answer.as_of})" if answer.as_of else ""
    text = f"{said}{unit}{dated}".replace("\n", " ")
    return text if len(text) <= MOST_BEFORE else text[: MOST_BEFORE - 1] + "…"
