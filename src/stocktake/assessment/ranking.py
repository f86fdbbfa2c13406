"""The ranks that States can have by somebody's weights, given everything that is undetermined.

No weight is ours, and nothing is averaged away: what is open counts at its best and at its worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from stocktake.assessment.findings import UNDETERMINED, Finding
from stocktake.assessment.judging import exact
from stocktake.assessment.review import Review
from stocktake.register.indicators import VERDICTS
from stocktake.register.weights import Weights
from stocktake.terms.problems import StocktakeError


class NothingToRank(StocktakeError):
    """Weights by which no State, or only one, is asked anything."""

    code = "nothing-to-rank"


class MissingWeight(StocktakeError):
    """A verdict word that a counted question has or could have, and that the user gave no weight."""

    code = "missing-weight"


class UnknownWeight(StocktakeError):
    """A weight of a word, paragraph, clause or indicator that there is not."""

    code = "unknown-weight"


@dataclass(frozen=True)
class Standing:
    """One State: its points at worst and at best, and the best and the worst rank that it can have; 1 is first.

    ``open`` are the ids of its findings that are undetermined; ``counted`` of all that count.
    """

    subject: str
    low: Decimal
    high: Decimal
    best: int
    worst: int
    counted: tuple[str, ...]
    open: tuple[str, ...]


def rank(review: Review, weights: Weights) -> tuple[Standing, ...]:
    """The range of ranks of every State that is addressed by name or roster, by best rank, then worst, then ISO code.

    A State's points are the sum over its counted questions of weight times word. Another State is surely ahead when its
    worst points are more than this one's best; it may be ahead when its best are more than this one's worst. Equal
    points share a rank.

    Raises UnknownWeight for a weight of what the register does not have, MissingWeight for a word without a weight,
    NothingToRank where fewer than two States are asked anything.
    """
    _refuse_unknown(review, weights)
    counted = _counted(review, weights)
    _refuse_missing(counted, weights)
    if len(counted) < 2:
        raise NothingToRank(
            f"By these weights {len(counted)} State(s) are asked anything; at least two are needed to be ranked. "
            "Name paragraphs, clauses or indicators that address several States."
        )
    spans = {subject: _points(rows, weights) for subject, rows in counted.items()}
    names = sorted(spans)
    low, high = exact([spans[n][0] for n in names], Decimal(0)), exact([spans[n][1] for n in names], Decimal(0))
    surely = (low[None, :] > high[:, None]).astype(bool).sum(axis=1)
    possibly = (high[None, :] > low[:, None]).astype(bool)
    np.fill_diagonal(possibly, False)
    found = [
        Standing(
            name,
            *spans[name],
            int(surely[i]) + 1,
            int(possibly[i].sum()) + 1,
            tuple(f.id for _, f in counted[name]),
            tuple(f.id for _, f in counted[name] if f.outcome.verdict == UNDETERMINED),
        )
        for i, name in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda s: (s.best, s.worst, s.subject)))


Counted = Mapping[str, list[tuple[Decimal, Finding]]]


def _counted(review: Review, weights: Weights) -> Counted:
    """Each State's questions that have a weight, each question once."""
    states = {m.iso3 for m in review.catalogue.memberships}
    found: dict[str, list[tuple[Decimal, Finding]]] = {}
    for p in review.paragraphs:
        for f in {f.question: f for f in p.findings if f.is_counted and f.subject in states}.values():
            weight = weights.of(p.paragraph.key.anchor, f.clause, f.indicator.id)
            if weight:
                found.setdefault(f.subject, []).append((weight, f))
    return found


def _words(f: Finding) -> Iterable[str]:
    """The words that a finding has, or could have."""
    verdict = f.outcome.verdict
    return VERDICTS[f.indicator.method] if verdict == UNDETERMINED or verdict is None else (verdict,)


def _points(rows: Iterable[tuple[Decimal, Finding]], weights: Weights) -> tuple[Decimal, Decimal]:
    """Points at worst and at best."""
    spans = [[w * weights.words[word] for word in _words(f)] for w, f in rows]
    return sum(map(min, spans), Decimal(0)), sum(map(max, spans), Decimal(0))


def _refuse_unknown(review: Review, weights: Weights) -> None:
    paragraphs = {p.paragraph.key.anchor: p.paragraph for p in review.paragraphs}
    clauses = [(f"{anchor}.{c.n}", c) for anchor, p in paragraphs.items() for c in p.clauses]
    known = (
        ("words", weights.words, {word for words in VERDICTS.values() for word in words}),
        ("paragraphs", weights.paragraphs, paragraphs.keys()),
        ("clauses", weights.clauses, {id for id, _ in clauses}),
        ("indicators", weights.indicators, {id for _, c in clauses for id in c.indicators}),
    )
    unknown = [f"{table}: {key}" for table, given, have in known for key in given or () if key not in have]
    if unknown:
        symbol = review.catalogue.register.symbol
        raise UnknownWeight(
            f"{symbol} has no {'; no '.join(unknown)}. Write paragraphs as op5, clauses as op5.1, "
            "indicators by their id."
        )


def _refuse_missing(counted: Counted, weights: Weights) -> None:
    needed = {word for rows in counted.values() for _, f in rows for word in _words(f)}
    missing = sorted(needed - weights.words.keys())
    if missing:
        raise MissingWeight(
            f"The weights say nothing of {', '.join(missing)}, which an answer that counts is or could be. "
            "Give each of these words a weight under `words`; zero is one."
        )
