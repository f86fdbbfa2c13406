"""Ranks by a file of weights: refused without one, and never part of a site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from stocktake.assessment.ranking import Standing, rank
from stocktake.publication.phrases import Tongue
from stocktake.register.weights import FORMAT, Weights
from stocktake.secretariat.desk import bare
from stocktake.secretariat.reviewing import make_review
from stocktake.secretariat.yardsticks import digest_of, read_mapping
from stocktake.terms.problems import StocktakeError
from stocktake.verification.errors import RefusedInput


class NoWeights(StocktakeError):
    """A ranking without anyone's weights."""

    code = "no-weights"


@dataclass(frozen=True)
class Ranked:
    """The ranges of ranks, with whose weights they are."""

    weights: Weights
    digest: str
    as_of: date
    standings: tuple[Standing, ...]
    tongues: tuple[Tongue, ...]

    def tongue(self, lang: str) -> Tongue:
        return next(t for t in self.tongues if t.code == lang)


def rank_by(
    file: Path | None,
    *,
    as_of: date,
    folder: Traversable | None = None,
    register: str | None = None,
    known_at: int | date | None = None,
) -> Ranked:
    """Review a register and order its States by the weights in ``file``.

    Raises NoWeights without a file, RefusedInput with every problem in it.
    """
    if file is None:
        raise NoWeights(
            "Stocktake ranks nobody: there are no weights of ours. To rank by your own, write them down and give "
            f"--weights FILE ({FORMAT}; docs/yardsticks.md)."
        )
    weights = open_weights(file)
    made = make_review(as_of=as_of, folder=folder, register=register, known_at=known_at)
    return Ranked(weights, digest_of(file), as_of, rank(made.review, weights), made.tongues)


def open_weights(file: Path) -> Weights:
    """The weights in a file (YAML, or JSON by its ending). Raises RefusedInput with every problem."""
    desk, data = read_mapping(file.parent, file.name, FORMAT)
    found = desk.model(file.name, 1, Weights, bare(data)) if not desk.problems else None
    if found is None:
        raise RefusedInput("nobody is ranked", desk.problems)
    return found
