"""A chain keeps every commitment, says where it grew weaker, and never runs in a circle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stocktake.register.chains import chain_to, to_json
from stocktake.register.commitments import Commitment, Edge, Link
from stocktake.terms.words import Words


def commitment(id: str, year: int) -> Commitment:
    words = Words(en=f"Do {id}", zh=f"做{id}")
    return Commitment(
        id=id, instrument="X", year=year, force="consensus", validity="live", paraphrase=words, source="x", seen="copy"
    )


def link(from_: str, to: str, edge: Edge = Edge.REAFFIRMS) -> Link:
    return Link(from_=from_, to=to, edge=edge, checked=False, source="x")


KNOWN = {id: commitment(id, year) for id, year in (("A", 1968), ("B", 1995), ("C", 2000))}
LINKS = [link("A", "B"), link("B", "C", Edge.RESTATES_WEAKER), link("A", "C"), link("C", "R#op1")]


def test_a_chain_runs_from_the_oldest_commitment_to_the_paragraph_and_counts_what_was_diluted() -> None:
    chain = chain_to("R#op1", KNOWN, LINKS)
    assert [c.id for c in chain.commitments] == ["A", "B", "C"]
    assert chain.diluted == 1 and len(chain.steps) == 4


@given(st.permutations(LINKS))
def test_the_order_of_the_links_does_not_matter(links: list[Link]) -> None:
    assert chain_to("R#op1", KNOWN, links) == chain_to("R#op1", KNOWN, LINKS)


def test_a_paragraph_without_a_chain_has_an_empty_one() -> None:
    assert chain_to("R#op2", KNOWN, LINKS).steps == ()


def test_every_link_of_a_chain_says_its_edge_and_whether_it_was_checked() -> None:
    found = to_json(chain_to("R#op1", KNOWN, LINKS))
    assert all({"edge", "dilutes", "checked", "source"} <= row.keys() for row in found["links"])
