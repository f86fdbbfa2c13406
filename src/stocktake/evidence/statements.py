"""One statement: somebody said something about a subject, as of a date, at a place that can be looked up."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from stocktake.terms.dates import PartialDate
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import Seen, Verification
from stocktake.terms.words import Line


class Form(StrEnum):
    """What was given as an answer. Silence has no row; a refusal has one (unknown is never zero)."""

    NUMBER = "number"  # best, with low and high where the source gives them
    RANGE = "range"  # low and high, no best
    CEILING = "ceiling"  # "at most": high only
    FLOOR = "floor"  # "more than": low only
    EVENT = "event"  # something happened on that day; ``act`` is its keyword, where a rule reads it
    STATUS = "status"  # something was so on that day; ``act`` is its keyword, where a rule reads it
    WITHHELD = "withheld"  # asked for or published before, and refused
    WITHDRAWN = "withdrawn"  # published before, and no longer


NUMERIC = frozenset({Form.NUMBER, Form.RANGE, Form.CEILING, Form.FLOOR})
SILENT = frozenset({Form.WITHHELD, Form.WITHDRAWN})


def _date(value: Any) -> Any:
    return PartialDate.parse(value) if isinstance(value, str) else value


Day = Annotated[PartialDate, BeforeValidator(_date)]


def _written_out(value: Decimal) -> Decimal:
    """A figure as people write it: not negative, and of a length that a page can print."""
    exponent = value.as_tuple().exponent
    if (
        not isinstance(exponent, int)
        or value < 0
        or abs(exponent) > MOST_DIGITS
        or len(value.as_tuple().digits) > MOST_DIGITS
    ):
        raise ValueError(f"a figure is zero or more, with at most {MOST_DIGITS} digits")
    return value


MOST_DIGITS = 18
Figure = Annotated[Decimal, AfterValidator(_written_out)]


class Statement(BaseModel):
    """A row of the evidence tables; see docs/evidence.md for what each column means.

    ``quantity`` names what is spoken of (``stockpile``, ``inventory``, ``ctbt-ratification`` ...): two statements are
    comparable only within one quantity. ``series`` groups statements that one estimator published as one series, and
    ``vintage`` says in which edition; a later vintage of the same date restates it. ``direction`` is what an event says
    about its quantity (up or down), where it says anything. Text is in our own words, in every language of the site.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")
    quantity: str = Field(pattern=r"^[a-z0-9-]+$")
    subject: str = Field(pattern=r"^[A-Z0-9-]+$")
    form: Form
    low: Figure | None = None
    best: Figure | None = None
    high: Figure | None = None
    unit: Line | None = None
    act: Line | None = None
    direction: Line | None = None
    text_en: Line | None = None
    text_zh: Line | None = None
    as_of: Day
    stated_on: Day | None = None
    speaker: Line
    verification: Verification
    seen: Seen
    series: Line | None = None
    series_kind: Line | None = None
    vintage: Day | None = None
    publisher: Line
    document: Line
    published: Day | None = None
    place: Line | None = None
    url: Line | None = None
    supersedes: Line | None = None
    checked: bool = False
    checked_by: Line | None = None
    checked_against: Line | None = None
    note: Line | None = None

    @property
    def interval(self) -> Interval | None:
        """The stated number with its bounds, in ``unit``; None for events, statuses and refusals."""
        if self.form not in NUMERIC:
            return None
        if self.form is Form.NUMBER:
            return Interval(
                self.low if self.low is not None else self.best,
                self.best,
                self.high if self.high is not None else self.best,
            )
        return Interval(self.low, self.best, self.high)

    @model_validator(mode="after")
    def _form_and_numbers_agree(self) -> Statement:
        needed = {
            Form.NUMBER: ("best",),
            Form.RANGE: ("low", "high"),
            Form.CEILING: ("high",),
            Form.FLOOR: ("low",),
        }.get(self.form, ())
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"form {self.form} needs {' and '.join(missing)}")
        spare = {
            Form.NUMBER: (),
            Form.RANGE: ("best",),
            Form.CEILING: ("low", "best"),
            Form.FLOOR: ("best", "high"),
        }.get(self.form, ("low", "best", "high"))
        given = [name for name in spare if getattr(self, name) is not None]
        if given:
            raise ValueError(f"form {self.form} has no {' or '.join(given)}; a ceiling is not a number")
        if needed and not self.unit:
            raise ValueError(f"form {self.form} needs a unit")
        if not needed and not (self.text_en and self.text_zh):
            raise ValueError(f"form {self.form} needs text_en and text_zh, in our own words")
        if self.direction not in (None, "up", "down"):
            raise ValueError("direction is up, down or empty")
        if self.series_kind not in (None, "back-cast", "snapshots", "single"):
            raise ValueError("series_kind is back-cast, snapshots, single or empty")
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValueError("url begins with https:// or http://; it becomes a link")
        if self.checked and not (self.checked_by and self.checked_against):
            raise ValueError("checked = yes needs checked_by and checked_against")
        if self.checked and self.seen is Seen.MEMORY:
            raise ValueError("a row seen only from memory is not checked")
        self.interval  # noqa: B018  the bounds must be in order
        return self
