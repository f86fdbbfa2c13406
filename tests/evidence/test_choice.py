"""Claims that differ stand side by side; a stated rule puts one forward, or none, and loses nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stocktake.evidence.archive import Archive
from stocktake.evidence.choice import choose, conflicts, standing
from stocktake.evidence.statements import Statement


def figure(id: str, best: str, **fields: Any) -> Statement:
    common: dict[str, Any] = {
        "quantity": "stockpile", "subject": "XAA", "form": "number", "unit": "warheads", "as_of": "2044",
        "speaker": "INSTITUTE", "verification": "estimated", "seen": "copy", "publisher": "P", "document": "D",
    }  # fmt: skip
    return Statement(id=id, best=best, **(common | fields))


def act(id: str, act: str, day: str, **fields: Any) -> Statement:
    common: dict[str, Any] = {
        "quantity": "pact", "subject": "XAA", "form": "event", "act": act, "as_of": day, "text_en": "It did",
        "text_zh": "它做了", "speaker": "LIST", "verification": "verified", "seen": "copy", "publisher": "P",
        "document": "D",
    }  # fmt: skip
    return Statement(id=id, **(common | fields))


OLD, NEW = figure("old", "40", vintage="2045"), figure("new", "45", vintage="2047")
OTHER = figure("other", "60", speaker="MINISTRY")


def test_the_later_edition_of_one_speaker_is_put_forward_and_the_earlier_one_is_kept() -> None:
    found = choose([OLD, NEW])
    assert found.chosen == NEW and found.beside == (OLD,)


def test_two_speakers_who_differ_are_not_decided_between() -> None:
    found = choose([NEW, OTHER])
    assert found.chosen is None and set(found.beside) == {NEW, OTHER}


def test_a_correction_is_put_forward_and_never_removes_what_it_corrects() -> None:
    mended = figure("mended", "50", supersedes="old")
    found = choose([OLD, mended])
    assert found.chosen == mended and OLD in found.beside


@given(st.permutations([OLD, NEW, OTHER, figure("memo", "1", seen="memory")]), st.integers(0, 3))
def test_nothing_is_lost_and_neither_order_nor_repetition_matters(rows: list[Statement], again: int) -> None:
    found = choose([*rows, *rows[:again]])
    assert found == choose([OLD, NEW, OTHER, figure("memo", "1", seen="memory")])
    assert {s.id for s in (found.chosen, *found.beside) if s} == {"old", "new", "other", "memo"}


def test_two_days_for_one_deposit_are_a_conflict_and_two_deposits_are_none() -> None:
    one = [act("a", "joined", "1986-05-08", series="event:x", series_kind="single"),
           act("b", "joined", "1986-05-12", series="event:x", series_kind="single")]  # fmt: skip
    two = [act("c", "signed", "1986-05-08"), act("d", "joined", "1990-05-12")]
    assert conflicts(one) == [tuple(one)] and conflicts(two) == []


def test_a_running_total_does_not_contradict_the_count_of_a_year() -> None:
    total, year = figure("t", "11683", series="total"), figure("y", "711", series="year")
    assert conflicts([total, year]) == [] and len(conflicts([OLD, NEW, OTHER])) == 1


def test_a_status_holds_until_another_is_stated_and_later_facts_are_not_seen() -> None:
    archive = Archive([act("in", "ratified", "2000-06-30"), act("out", "withdrawn", "2023-11-02")])

    def at(day: date) -> list[str | None]:
        return [s.act if s else None for s in standing(archive, "pact", ["XAA", "XBB"], day).values()]

    assert at(date(2022, 12, 31)) == ["ratified", None]
    assert at(date(2023, 12, 31)) == ["withdrawn", None]
