"""Ranks by somebody's weights: a range, and a single rank only where no open answer can change it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings

from stocktake.assessment.findings import Finding
from stocktake.assessment.ranking import MissingWeight, NothingToRank, UnknownWeight, rank
from stocktake.assessment.review import Review
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import VERDICTS
from stocktake.register.weights import Weights
from tests.assessment.invented import EVIDENCE, reviewed

WORDS = {
    word: n
    for n, word in enumerate(
        [
            "broken",
            "reversed",
            "missed",
            "withdrawn",
            "lapsed",
            "late",
            "pending",
            "unchanged",
            "kept",
            "met",
            "done",
            "advanced",
        ]
    )
}


def weights(**fields: Any) -> Weights:
    base = {
        "format": "stocktake.weights/1",
        "author": "A",
        "words": WORDS,
        "indicators": {"estimated": 1, "declared": 2},
    }
    return Weights.model_validate(base | fields)


def settled(review: Review, words: dict[str, str]) -> Review:
    """The review, had each open question the word that is given for it."""

    def closed(f: Finding) -> Finding:
        return replace(f, outcome=replace(f.outcome, verdict=words.get(f.id, f.outcome.verdict)))

    rows = (replace(p, findings=tuple(closed(f) for f in p.findings)) for p in review.paragraphs)
    return replace(review, paragraphs=tuple(rows))


@given(EVIDENCE)
@settings(max_examples=25)
def test_every_rank_that_a_state_could_have_lies_in_its_range_and_the_ends_are_reached(rows: list[Statement]) -> None:
    review = reviewed(rows)
    wanted = weights(indicators={"estimated": 1})
    ranges = {s.subject: s for s in rank(review, wanted)}
    open_ = sorted({id for s in ranges.values() for id in s.open})[:4]
    rest = {id: "unchanged" for s in ranges.values() for id in s.open if id not in open_}
    found: dict[str, set[int]] = {name: set() for name in ranges}
    for words in product(sorted(VERDICTS["change"]), repeat=len(open_)):  # type: ignore[index]
        for s in rank(settled(review, dict(zip(open_, words, strict=True)) | rest), wanted):
            assert s.best == s.worst or len({t.low for t in ranges.values()}) < len(ranges)
            found[s.subject].add(s.best)
    for name, ranks in found.items():
        assert ranges[name].best <= min(ranks) and max(ranks) <= ranges[name].worst
        if not rest:
            assert {ranges[name].best, ranges[name].worst} == {min(ranks), max(ranks)}


def test_without_an_open_answer_each_state_has_one_rank() -> None:
    review = reviewed([])
    for s in rank(review, weights()):
        assert (s.best == s.worst) or any(t.open for t in rank(review, weights()))


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ({"words": {"advanced": 1}}, MissingWeight, "reversed, unchanged"),
        ({"words": WORDS | {"splendid": 9}}, UnknownWeight, "words: splendid"),
        ({"paragraphs": {"op99": 1}}, UnknownWeight, "paragraphs: op99"),
        ({"indicators": {"report": 1}}, NothingToRank, "at least two"),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_what_to_do(fields: dict[str, Any], error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        rank(reviewed([]), weights(**fields))


def test_there_are_no_weights_of_ours() -> None:
    with pytest.raises(ValueError, match="there are none of ours"):
        weights(indicators=None)
