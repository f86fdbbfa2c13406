"""A chain is walked once, to its end; a paragraph that is not there is refused with those that are."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stocktake.register.commitments import (
    Clause,
    Duty,
    Edge,
    Link,
    Reading,
    Register,
    UnknownParagraph,
    chain_behind,
    register_from,
)
from stocktake.terms.problems import InvalidTerm
from stocktake.terms.words import Words

WORDS = Words(en="reduce", zh="减少")
NODES = "abcdef"
PAIRS = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=30, unique=True)


def link(from_: str, to: str) -> Link:
    return Link(from_=from_, to=to, edge=Edge.SPECIFIES, checked=False, source="invented")


def links(picture: str) -> list[Link]:
    """``a>b b>p``: one link a word."""
    return [link(*pair.split(">")) for pair in picture.split()]


def drawn(found: tuple[Link, ...]) -> str:
    return " ".join(f"{x.from_}>{x.to}" for x in found)


@pytest.mark.parametrize(
    ("all_links", "chain"),
    [
        ("", ""),
        ("a>b b>p", "a>b b>p"),
        ("b>p a>b", "a>b b>p"),
        ("a>p b>p", "a>p b>p"),
        ("a>b a>c b>p c>p", "a>b a>c b>p c>p"),  # a diamond: its first node is counted once a link
        ("a>b x>y b>p p>q", "a>b b>p"),  # what lies elsewhere, or after, is not behind
        ("z>a a>b b>p", "z>a a>b b>p"),  # the earliest link first, whatever its name
    ],
)
def test_a_chain_holds_what_leads_to_the_paragraph_earliest_first(all_links: str, chain: str) -> None:
    assert drawn(chain_behind("p", links(all_links))) == chain


@given(PAIRS)
def test_every_chain_ends_and_counts_each_link_once_cycles_or_not(pairs: list[tuple[str, str]]) -> None:
    found = [(x.from_, x.to) for x in chain_behind("a", [link(*pair) for pair in pairs])]
    assert len(found) == len(set(found))
    behind = {"a"}
    for _ in NODES:  # a second way to say it: widen what leads to the paragraph until nothing more is found
        behind |= {before for before, after in pairs if after in behind}
    assert set(found) == {(before, after) for before, after in pairs if after in behind}


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_change_a_chain(pairs: list[tuple[str, str]], random: Random) -> None:
    rows = [link(*pair) for pair in pairs]
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert chain_behind("a", shuffled) == chain_behind("a", rows)


def small_register() -> Register:
    head = {
        "symbol": "A/RES/99/1",
        "title": WORDS,
        "adopted": "2044-12-05",
        "session": 99,
        "force": "vote",
        "tally": {"for": 1, "against": 0, "abstained": 0},
        "source": {"publisher": "invented"},
        "summary": WORDS,
        "limits": WORDS,
    }
    rows = [{"id": f"#op{n}", "paraphrase": WORDS} for n in (1, 2)]
    return register_from(head, [*rows, {"id": "#pp1", "paraphrase": WORDS}])


def test_a_paragraph_is_found_by_its_id() -> None:
    assert small_register().paragraph("A/RES/99/1#pp1").key.section == "preambular"


@pytest.mark.parametrize(
    ("id", "error", "words"),
    [
        ("A/RES/99/1#op3", UnknownParagraph, "A/RES/99/1 has no op3: its operative paragraphs run from 1 to 2"),
        ("A/RES/99/1#pp2", UnknownParagraph, "its preambular paragraphs run from 1 to 1"),
        ("A/RES/75/65#op1", UnknownParagraph, "No register for A/RES/75/65; there is one for A/RES/99/1"),
        ("paragraph 1", InvalidTerm, "write SYMBOL#opN"),
    ],
)
def test_a_paragraph_that_is_not_there_is_refused_with_those_that_are(
    id: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as raised:
        small_register().paragraph(id)
    assert words in str(raised.value)


def test_within_its_register_a_paragraph_is_found_by_its_number_alone() -> None:
    register = small_register()
    assert register.paragraph("op2") is register.paragraph("a/res/99/1#op2")


def test_a_register_without_a_preamble_still_refuses_a_preambular_id_in_words() -> None:
    bare = small_register().model_copy(update={"paragraphs": small_register().paragraphs[:2]})
    with pytest.raises(UnknownParagraph, match="pp1"):
        bare.paragraph("A/RES/99/1#pp1")


def test_the_mapping_that_a_register_is_built_from_stays_as_it_was() -> None:
    row = {"id": "#op1", "paraphrase": WORDS, "clauses": []}
    head = small_register().model_dump(exclude={"paragraphs"}) | {"adopted": "2044-12-05"}
    register_from(head, [row])
    assert row["id"] == "#op1" and head["adopted"] == "2044-12-05"


def clause(duty: Duty, *, indicators: tuple[str, ...], without: Words | None) -> Clause:
    reading = Reading(id="all", addressees="NWS")
    return Clause(duty=duty, verb="urges", asked=WORDS, readings=(reading,), indicators=indicators, without=without)


def test_a_clause_that_asks_no_act_is_not_decorated_with_an_indicator() -> None:
    with pytest.raises(ValidationError, match="not decorated"):
        clause(Duty.NONE, indicators=("stockpile",), without=None)


@pytest.mark.parametrize("duty", [d for d in Duty if d is not Duty.NONE])
def test_a_clause_that_asks_something_has_an_indicator_or_the_reason_why_not(duty: Duty) -> None:
    with pytest.raises(ValidationError, match="the reason why none can be given"):
        clause(duty, indicators=(), without=None)
    for indicators, without in itertools.product([("stockpile",)], [None, WORDS]):
        assert clause(duty, indicators=indicators, without=without).duty is duty
    assert clause(duty, indicators=(), without=WORDS).without == WORDS
