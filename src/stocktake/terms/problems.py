"""What can be wrong, and how it is said.

StocktakeError                  root; its message has the fact, the place, the expected and the next step
├── InvalidTerm                 a value that is not of its kind (a date, an interval, a paragraph id)
├── UnreadableDocument          bytes that are no UN document that we can read       (texts)
├── UnknownParagraph            an id or a symbol that no register holds             (register)
├── InvalidCatalogue            data files with problems, all of them at once        (register, evidence)
└── OutputRefused               a place where a review must not be written           (secretariat)

Problems in files that people fill in are data: a list of ``Problem``, never only the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class StocktakeError(Exception):
    """Root of all errors that Stocktake raises on purpose. ``code`` is stable; the text is for people."""

    code = "error"


class InvalidTerm(StocktakeError, ValueError):
    """A value that is not of its kind."""

    code = "invalid-term"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place of a data file. ``row`` counts from 1 as an editor does; 0 means the whole file."""

    file: str
    row: int
    code: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}" if self.row else self.file
        return f"{place}: {self.message} [{self.code}]"


class InvalidCatalogue(StocktakeError):
    """Data files with problems; carries every one of them."""

    code = "invalid-catalogue"

    def __init__(self, problems: Sequence[Problem], command: str = "stocktake catalogue check") -> None:
        self.problems = tuple(sorted(problems))
        lines = "\n".join(f"  {p}" for p in self.problems)
        super().__init__(
            f"{len(self.problems)} problem(s) in the catalogue:\n{lines}\nMend these rows, then run: {command}"
        )
