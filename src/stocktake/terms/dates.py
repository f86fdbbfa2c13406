"""Dates as sources give them: a day, a month, or only a year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from stocktake.terms.problems import InvalidTerm

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date known to the day, the month or the year; ordered by its first day, then by its precision.

    ``first`` and ``last`` bound the days that it may mean. Source of the form: ISO 8601, reduced precision.

    >>> str(PartialDate.parse("2020-12")), PartialDate.parse("2020").last.isoformat()
    ('2020-12', '2020-12-31')
    """

    first: date
    text: str

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``2020``, ``2020-12`` or ``2020-12-07``; anything else is refused, not repaired."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise InvalidTerm(f"{text!r} is not a date; write 2020, 2020-12 or 2020-12-07")
        year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
        try:
            return cls(date(year, month, day), text)
        except ValueError as error:
            raise InvalidTerm(f"{text!r} is not a date of the calendar ({error})") from None

    @property
    def last(self) -> date:
        match len(self.text):
            case 4:
                return date(self.first.year, 12, 31)
            case 7:
                return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
            case _:
                return self.first

    def __str__(self) -> str:
        return self.text
