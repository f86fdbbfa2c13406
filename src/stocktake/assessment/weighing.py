"""One question, weighed: what is stated of one subject, by the method that fits the duty, under one set of rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stocktake.assessment.change import weigh_change
from stocktake.assessment.findings import Outcome
from stocktake.assessment.states_of_affairs import (
    record,
    weigh_abstention,
    weigh_deadline,
    weigh_disclosure,
    weigh_status,
)
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import Indicator, Method
from stocktake.register.policy import Rules


def weigh(
    indicator: Indicator, statements: Sequence[Statement], archive: Archive, rules: Rules, *, adopted: date, as_of: date
) -> Outcome:
    """The outcome of ``statements``, all of one subject and part, true up to ``as_of``, for what was asked ``adopted``.

    Pure: the same statements, in whatever order and however often, give the same outcome.
    """
    match indicator.method:
        case Method.CHANGE:
            return weigh_change(indicator, statements, archive, rules, adopted=adopted)
        case Method.STATUS:
            return weigh_status(indicator, statements)
        case Method.DISCLOSURE:
            return weigh_disclosure(statements, archive, rules, as_of=as_of)
        case Method.DEADLINE:
            return weigh_deadline(indicator, statements, rules, as_of=as_of)
        case Method.ABSTENTION:
            return weigh_abstention(statements, rules, adopted=adopted, as_of=as_of)
        case Method.RECORD:
            return record(indicator, statements, adopted=adopted)
