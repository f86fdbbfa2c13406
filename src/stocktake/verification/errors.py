"""What can be wrong with what an analyst brings.

StocktakeError
├── RefusedInput          a file with problems; carries every one of them
├── SingularCovariance    balances whose errors leave a combination of them without any: nothing can be tested
└── ImpossiblePlan        a sampling question that has no answer
"""

from __future__ import annotations

from collections.abc import Sequence

from stocktake.terms.problems import Problem, StocktakeError


class RefusedInput(StocktakeError):
    """An input with problems, all of them at once, by their place."""

    code = "refused-input"

    def __init__(self, what: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.row)))
        lines = "\n".join(f"  {p}" for p in self.problems)
        super().__init__(f"{len(self.problems)} problem(s), so {what}:\n{lines}")


class SingularCovariance(StocktakeError):
    """Balances that cannot be tested together."""

    code = "singular-covariance"


class ImpossiblePlan(StocktakeError, ValueError):
    """A sampling question that has no answer, with what would have one."""

    code = "impossible-plan"
