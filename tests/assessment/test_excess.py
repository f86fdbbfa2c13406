"""The account of excess material: unknown is not zero, and nothing is better established than what it rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.assessment.excess import AccountLine, Entry, ExcessAccount, Word, accounts
from stocktake.evidence.statements import Statement
from stocktake.secretariat.excess import open_accounts
from stocktake.terms.provenance import SpeakerKind, Verification

KINDS = {"AGENCY": SpeakerKind.AGENCY, "NGO": SpeakerKind.EXPERT}


def entry(line: str, tonnes: str | None, as_of: str = "2030", speaker: str = "XAA", **given: Any) -> Entry:
    form = given.pop("form", "number")
    figures = {"best": tonnes} if form == "number" else {"low": tonnes, "high": given.pop("high")}
    detail = given.pop("detail", None)
    statement = Statement.model_validate({
        "id": f"s-{line.replace('_', '-')}-{as_of}-{tonnes}",
        "quantity": "q", "subject": "XAA", "form": form, "unit": "t", "as_of": as_of,
        "speaker": speaker, "verification": given.pop("verification", "declared"), "seen": "original",
        "publisher": "p", "document": "d", **figures,
    })  # fmt: skip
    return Entry("XAA", "HEU", AccountLine(line), detail, None, statement)


def account(*entries: Entry, as_of: date = date(2040, 1, 1)) -> ExcessAccount:
    return accounts(entries, as_of=as_of, kinds=KINDS)[0]


@pytest.mark.parametrize(("entries", "word"), [
    pytest.param([entry("held", "12")], Word.UNSTATED, id="only a stock"),
    pytest.param([entry("designated", "0")], Word.NONE, id="nothing was named"),
    pytest.param([entry("designated", "5")], Word.OPEN, id="nobody spoke of disposal"),
    pytest.param([entry("designated", "5"), entry("disposed", "2")], Word.PART, id="some is gone"),
    pytest.param([entry("designated", "5"), entry("disposed", "5")], Word.ALL, id="all is gone"),
    pytest.param([entry("designated", "5"), entry("disposed", "4", form="range", high="6")], Word.UNKNOWN, id="bounds"),
])  # fmt: skip
def test_each_state_of_an_account_has_its_own_word(entries: list[Entry], word: Word) -> None:
    assert account(*entries).word is word


def test_what_was_not_stated_is_unknown_and_not_zero() -> None:
    assert account(entry("designated", "5")).remaining is None
    assert account(entry("disposed", "5")).remaining is None


def test_figures_of_one_route_are_cumulative_and_routes_add_up() -> None:
    found = account(
        entry("designated", "10"),
        entry("disposed", "2", "2031", detail="blended"),
        entry("disposed", "3", "2032", detail="blended"),
        entry("disposed", "1", "2031", detail="buried"),
    )
    assert found.remaining is not None and found.remaining.best == Decimal(6)


def test_what_was_said_later_is_not_known_before() -> None:
    entries = [entry("designated", "5", "2030"), entry("disposed", "5", "2032")]
    assert account(*entries, as_of=date(2031, 12, 31)).word is Word.OPEN
    assert account(*entries).word is Word.ALL


@given(st.lists(st.sampled_from(list(Verification)), min_size=2, max_size=5), st.sampled_from(["XAA", "NGO", "AGENCY"]))
def test_an_account_is_never_better_established_than_its_weakest_figure(marks: list[Verification], who: str) -> None:
    order = list(Verification)
    rows = [
        entry("designated" if i == 0 else "disposed", str(i + 1), verification=str(v), speaker=who, detail=str(i))
        for i, v in enumerate(marks)
    ]
    found = account(*rows).verification
    assert found is not None
    assert order.index(found) >= max(map(order.index, marks))
    assert who == "AGENCY" or found is not Verification.VERIFIED


def test_the_bundled_accounts_tell_nothing_designated_from_nothing_stated() -> None:
    found, _, _ = open_accounts(None, date(2026, 11, 22))
    words = {(a.state, a.material): a.word for a in found}
    assert words["GBR", "HEU"] is Word.NONE
    assert words["GBR", "Pu"] is Word.OPEN
    assert words["USA", "HEU"] is Word.PART
    assert ("CHN", "Pu") not in words
    assert {a.verification for a in found} <= {Verification.DECLARED, Verification.ESTIMATED, Verification.INFERRED}
