"""Whose measure is it? How a subject stands to each instrument behind a clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from stocktake.assessment.findings import Acceptance
from stocktake.register.commitments import Clause, Commitment, Link, Register
from stocktake.terms.states import Membership, roster

DISPUTED = "-DISPUTED"


def acceptance_of(
    subject: str,
    paragraph: str,
    clause: Clause,
    *,
    register: Register,
    links: Sequence[Link],
    commitments: Mapping[str, Commitment],
    memberships: Sequence[Membership],
    votes: Mapping[tuple[str, str], str],
) -> tuple[Acceptance, ...]:
    """The instrument of the basis first, then the others in the chain; empty for a subject that is no State.

    The basis is the register's own (the roll-call says how a State voted), or the commitment that the clause recalls.
    """
    vote = votes.get((register.symbol, subject))
    own = [Acceptance(register.symbol, vote)] if vote else []
    if register.force != "vote" and paragraph in commitments and clause.recalls is None:
        agreed = towards(subject, commitments[paragraph], memberships)
        own = [agreed] if agreed else []
    heads = {k.from_ for k in links if k.to == paragraph and k.clause in (None, clause.n)}
    known = sorted(heads & commitments.keys())
    earlier = [a for id in known if (a := towards(subject, commitments[id], memberships))]
    if clause.recalls is None:
        return (*own, *earlier)
    recalled = towards(subject, commitments[clause.recalls], memberships)
    return (*([recalled] if recalled else []), *(a for a in earlier if a.instrument != clause.recalls), *own)


def towards(subject: str, commitment: Commitment, memberships: Sequence[Membership]) -> Acceptance | None:
    """A party to the Treaty joined the consensus of its conferences; the dated roster says who was one at the time."""
    if commitment.force not in ("treaty", "consensus") or subject not in roster(memberships, "ALL-STATES", date.max):
        return None
    on = date.max if commitment.force == "treaty" else date(commitment.year, 12, 31)
    if subject in roster(memberships, f"NPT-SP{DISPUTED}", on):
        return Acceptance(commitment.id, "disputed")
    party = subject in roster(memberships, "NPT-SP", on)
    joined = "ratified" if commitment.force == "treaty" else "joined the consensus"
    return Acceptance(commitment.id, joined if party else "not party")
