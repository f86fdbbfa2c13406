"""A statement says what its form can say and no more; an archive does not care how it was filled."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stocktake.evidence.archive import Archive, Speaker, carries, is_ceiling
from stocktake.evidence.statements import NUMERIC, Form, Statement
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import Seen, SpeakerKind

TEXT = {"text_en": "It refused", "text_zh": "拒绝"}


def statement(id: str = "s1", *, form: str = "number", **fields: Any) -> Statement:
    common = {
        "quantity": "stockpile",
        "subject": "XAA",
        "as_of": "2044",
        "speaker": "INSTITUTE",
        "verification": "estimated",
        "seen": "copy",
        "publisher": "the Institute",
        "document": "Yearbook",
    }
    return Statement(**{**common, "id": id, "form": form, **fields})


def test_a_ceiling_is_not_a_number() -> None:
    ceiling = statement(form="ceiling", high="260", unit="warheads")
    assert ceiling.interval == Interval(None, None, Decimal(260)) and is_ceiling(ceiling)
    for extra in ({"best": "200"}, {"low": "0"}):
        with pytest.raises(ValidationError, match="a ceiling is not a number"):
            statement(form="ceiling", high="260", unit="warheads", **extra)


REFUSED = [
    ("a number needs its middle", "number", {"low": "1", "high": "2", "unit": "warheads"}, "needs best"),
    ("a range needs both ends", "range", {"low": "1", "unit": "warheads"}, "needs high"),
    ("a range has no middle", "range", {"low": "1", "best": "2", "high": "3", "unit": "w"}, "has no best"),
    ("a floor has only a low", "floor", {"low": "1", "high": "2", "unit": "warheads"}, "has no high"),
    ("a figure needs a unit", "number", {"best": "1"}, "needs a unit"),
    ("bounds stand in order", "number", {"low": "5", "best": "1", "unit": "warheads"}, "low <= best <= high"),
    ("a figure is finite", "number", {"best": "NaN", "unit": "warheads"}, "finite"),
    ("a figure is finite", "number", {"best": "Infinity", "unit": "warheads"}, "finite"),
    ("an event needs both texts", "event", {"text_en": "It happened"}, "text_en and text_zh"),
    ("an event needs both texts", "event", {"text_zh": "发生"}, "text_en and text_zh"),
    ("a refusal has no number", "withheld", {"best": "1", **TEXT}, "has no best"),
    ("a direction is up or down", "event", {"direction": "sideways", **TEXT}, "direction is up, down or empty"),
    ("a series is of a known kind", "number", {"best": "1", "unit": "w", "series_kind": "guess"}, "series_kind"),
    ("a date is of the calendar", "event", {"as_of": "2044-02-30", **TEXT}, "calendar"),
    ("checked says against what", "event", {"checked": True, "checked_by": "us", **TEXT}, "checked_against"),
    (
        "memory is never checked",
        "event",
        {"checked": True, "checked_by": "us", "checked_against": "it", "seen": "memory", **TEXT},
        "memory",
    ),
    ("no column is made up", "event", {"tier": "T1", **TEXT}, "tier"),
]


@pytest.mark.parametrize(("rule", "form", "fields", "reason"), REFUSED, ids=[f"{c[0]}-{c[3]}" for c in REFUSED])
def test_a_statement_that_breaks_the_rule_of_its_form_is_refused(
    rule: str, form: str, fields: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        statement(form=form, **fields)


@pytest.mark.parametrize("form", [f for f in Form if f not in NUMERIC])
def test_what_is_no_figure_has_no_bounds_and_is_never_zero(form: Form) -> None:
    assert statement(form=form.value, **TEXT).interval is None


def test_what_was_seen_only_from_memory_carries_nothing() -> None:
    assert [s for s in Seen if carries(statement(form="event", seen=s.value, **TEXT))] == [
        s for s in Seen if s is not Seen.MEMORY
    ]


ROWS = [
    statement(f"s{n}", form="number", best=str(n), unit="warheads", as_of=f"{2040 + n % 4}", subject=f"X{'AB'[n % 2]}A")
    for n in range(12)
]


@given(st.lists(st.sampled_from(ROWS)), st.randoms(use_true_random=False))
def test_order_and_repetition_of_the_rows_do_not_matter(rows: list[Statement], chance: random.Random) -> None:
    again = [*rows, *rows]
    chance.shuffle(again)
    one, other = Archive(rows), Archive(again)
    assert one.statements == other.statements
    for subject in ("XAA", "XBA", None):
        assert one.about("stockpile", subject, as_of=date(2042, 1, 1)) == other.about(
            "stockpile", subject, as_of=date(2042, 1, 1)
        )


def test_what_was_so_after_the_day_of_the_review_is_not_told() -> None:
    told = Archive(ROWS).about("stockpile", None, as_of=date(2041, 6, 1))
    assert {str(s.as_of) for s in told} == {"2040", "2041"}
    assert list(told) == sorted(told, key=lambda s: (s.as_of, s.id))


def test_an_archive_without_some_rows_is_as_if_they_had_never_come() -> None:
    assert (
        Archive(ROWS).without(["s3", "s4"]).statements
        == Archive(r for r in ROWS if r.id not in ("s3", "s4")).statements
    )


def speaker(id: str, group: str = "") -> Speaker:
    return Speaker(id, SpeakerKind.EXPERT, (("en", id),), group)


@pytest.mark.parametrize(
    ("one", "other", "independent"),
    [
        ("INSTITUTE", "INSTITUTE", False),  # the same voice twice
        ("INSTITUTE", "ALMANAC", False),  # the same authors under two names
        ("INSTITUTE", "OBSERVATORY", True),
        ("OBSERVATORY", "TOWER", True),  # two speakers without a group share none
        ("XAA", "XBB", True),  # States need no row
    ],
)
def test_two_speakers_of_one_group_are_one_voice(one: str, other: str, independent: bool) -> None:
    known = [speaker("INSTITUTE", "twins"), speaker("ALMANAC", "twins"), speaker("OBSERVATORY"), speaker("TOWER")]
    rows = [statement(f"s-{who}", form="event", speaker=who, **TEXT) for who in (one, other)]
    archive = Archive(rows, known)
    assert archive.independent(*rows) is archive.independent(*reversed(rows)) is independent


@pytest.mark.parametrize(
    ("who", "subject", "kind"),
    [
        ("XAA", "XAA", SpeakerKind.SELF),
        ("XAA", "XBB", SpeakerKind.ANOTHER_STATE),
        ("XAA", "XAA-XBB", SpeakerKind.SELF),  # a treaty of two: either party speaks of itself
        ("XCC", "XAA-XBB", SpeakerKind.ANOTHER_STATE),
        ("INSTITUTE", "XAA", SpeakerKind.EXPERT),
    ],
)
def test_a_state_speaks_of_itself_or_as_another_state(who: str, subject: str, kind: SpeakerKind) -> None:
    row = statement(form="event", speaker=who, subject=subject, **TEXT)
    assert Archive([row], [speaker("INSTITUTE")]).speaker_kind(row) is kind
