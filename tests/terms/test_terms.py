"""Dates, numbers and ids say exactly what their source says, or are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.terms.dates import PartialDate
from stocktake.terms.ids import ParagraphId
from stocktake.terms.intervals import Interval
from stocktake.terms.problems import InvalidTerm

WRITTEN = st.builds(lambda day, length: day.isoformat()[:length], st.dates(), st.sampled_from([4, 7, 10]))
AMOUNT = st.decimals(-1_000_000, 1_000_000, places=2)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """A point, a range, a ceiling, a floor: up to three numbers in order, some of them not given."""
    low, best, high = sorted(draw(st.tuples(AMOUNT, AMOUNT, AMOUNT)))
    shape = st.tuples(st.booleans(), st.booleans(), st.booleans()).filter(any)
    has_low, has_best, has_high = draw(shape)
    return Interval(low if has_low else None, best if has_best else None, high if has_high else None)


@given(WRITTEN)
def test_a_date_is_written_as_it_was_read(text: str) -> None:
    assert str(PartialDate.parse(text)) == text


@given(WRITTEN)
def test_a_date_means_the_days_that_begin_with_its_text(text: str) -> None:
    when = PartialDate.parse(text)
    assert when.first <= when.last
    assert when.first.isoformat().startswith(text) and when.last.isoformat().startswith(text)
    if when.last < date.max:
        assert not date.fromordinal(when.last.toordinal() + 1).isoformat().startswith(text)


@given(st.lists(WRITTEN))
def test_dates_stand_in_the_order_of_their_first_days_and_then_the_wider_first(texts: list[str]) -> None:
    assert [str(d) for d in sorted(map(PartialDate.parse, texts))] == sorted(texts)


NO_DATES = [
    *("", "20", "2020-", "2020-1-1", "20201207", "2020/12/07", "7 December 2020", "2020-12-07T00:00", "+2020", "-2020"),
    *(" 2020", "2020 ", "2020\n", "2020-13", "2020-00", "2020-02-30", "2021-02-29", "0000", "２０２０", "٢٠٢٠-٠١"),
]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused_and_not_repaired(text: str) -> None:
    with pytest.raises(InvalidTerm, match="is not a date"):
        PartialDate.parse(text)


@given(intervals(), intervals(), st.data())
def test_a_difference_holds_every_difference_of_what_the_two_may_be(
    a: Interval, b: Interval, data: st.DataObject
) -> None:
    difference = a - b
    x, y = data.draw(_within(a)), data.draw(_within(b))
    if difference is not None:
        assert difference.low is None or difference.low <= x - y
        assert difference.high is None or x - y <= difference.high


def _within(i: Interval) -> st.SearchStrategy[Decimal]:
    given_ = [n for n in (i.low, i.best, i.high) if n is not None]
    low = given_[0] if i.low is not None else given_[0] - 1000
    high = given_[-1] if i.high is not None else given_[-1] + 1000
    return st.decimals(low, high, places=2)


@given(intervals(), intervals())
def test_a_difference_turned_round_is_its_mirror(a: Interval, b: Interval) -> None:
    there, back = a - b, b - a
    if there is None or back is None:
        assert there is back is None
        return
    assert (there.low, there.best, there.high) == tuple(
        None if n is None else -n for n in (back.high, back.best, back.low)
    )


def test_a_ceiling_stays_open_below_and_two_ceilings_say_nothing_of_a_change() -> None:
    ceiling, point = Interval(None, None, Decimal(260)), Interval.point(Decimal(225))
    assert not ceiling.is_closed and ceiling.best is None
    assert ceiling - point == Interval(None, None, Decimal(35))
    assert point - ceiling == Interval(Decimal(-35), None, None)
    assert ceiling - ceiling is None


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [
        ((None, None, None), "at least one"),
        (("2", "1", "3"), "low <= best <= high"),
        (("1", None, "0"), "low <= best <= high"),
        (("NaN", None, None), "finite"),
        (("-Infinity", "0", "0"), "finite"),
    ],
)
def test_bounds_that_are_no_interval_are_refused(bounds: tuple[str | None, ...], reason: str) -> None:
    low, best, high = (None if n is None else Decimal(n) for n in bounds)
    with pytest.raises(InvalidTerm, match=reason):
        Interval(low, best, high)


SYMBOLS = st.sampled_from(["A/RES/75/65", "NPT/CONF.2010/50(Vol.I)", "A/DEC/73/546", "S/RES/687(1991)"])


@given(SYMBOLS, st.sampled_from(["op", "pp"]), st.integers(1, 10_000))
def test_a_paragraph_id_is_written_as_it_was_read(symbol: str, section: str, n: int) -> None:
    text = f"{symbol}#{section}{n}"
    key = ParagraphId.parse(text)
    assert (str(key), key.anchor, key.n) == (text, f"{section}{n}", n)


@given(SYMBOLS, st.integers(1, 150), st.none() | st.integers(1, 20))
def test_an_article_of_a_treaty_is_written_in_the_numerals_of_the_treaty(symbol: str, n: int, part: int | None) -> None:
    key = ParagraphId(symbol, "article", n, part)
    assert ParagraphId.parse(str(key)) == key


@pytest.mark.parametrize(
    ("text", "n", "part", "section"),
    [
        ("NPT#VI", 6, None, "operative"),
        ("NPT#VIII.3", 8, 3, "operative"),
        ("NPT#XIX", 19, None, "operative"),
        ("NPT#P8", 8, None, "preambular"),
    ],
)
def test_articles_and_recitals_of_a_treaty_have_ids(text: str, n: int, part: int | None, section: str) -> None:
    key = ParagraphId.parse(text)
    assert (key.n, key.part, key.section, str(key)) == (n, part, section, text)


NO_IDS = [
    *("NPT#IIII", "NPT#VX", "NPT#VI.0", "NPT#VI.", "NPT#P0", "NPT#vi"),
    *("", "op5", "#op5", "A/RES/75/65", "A/RES/75/65#", "A/RES/75/65#5", "A/RES/75/65#op0", "A/RES/75/65#op05"),
    *("A/RES/75/65#op-5", "A/RES/75/65#op5 ", "A RES#op5", "A#B#op5", "A/RES/75/65#OP5", "A/RES/75/65#op1٢"),
]


@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_paragraph_id_is_refused_with_the_form_that_is_wanted(text: str) -> None:
    with pytest.raises(InvalidTerm, match="A/RES/75/65#op5"):
        ParagraphId.parse(text)
