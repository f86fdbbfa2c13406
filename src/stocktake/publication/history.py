"""The answers through time as a document: ``stocktake.history/1``."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from stocktake.assessment.history import History

FORMAT = "stocktake.history/1"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class PeriodOut(_Part):
    """An answer and the day from which it holds; a null verdict with a null reason: the question was not put then."""

    from_: str = Field(serialization_alias="from")
    verdict: str | None
    reason: str | None


class QuestionOut(_Part):
    paragraph: str
    clause: int
    reading: str
    indicator: str
    subject: str
    part: str | None
    periods: list[PeriodOut]


class HistoryOut(_Part):
    """Every question of a register with its answers, as they would be given with what is known now."""

    format: str = FORMAT
    register_symbol: str
    rules: dict[str, str]
    until: str
    questions: list[QuestionOut]


def history_document(history: History, until: date, paragraph: str | None = None) -> HistoryOut:
    """The answers up to and on ``until``, of one paragraph where one is named."""
    catalogue = history.catalogue
    return HistoryOut(
        register_symbol=catalogue.register.symbol,
        rules={"version": catalogue.rules.version},
        until=until.isoformat(),
        questions=[
            QuestionOut(
                paragraph=q.paragraph,
                clause=q.clause,
                reading=q.reading,
                indicator=q.indicator,
                subject=q.subject,
                part=q.part,
                periods=[
                    PeriodOut(from_=day.isoformat(), verdict=a[0] if a else None, reason=a[1] if a else None)
                    for day, a in held
                ],
            )
            for q, held in history.periods(until)
            if paragraph in (None, q.paragraph)
        ],
    )
