"""What a check has to say of a data file: where, what, and how heavy it weighs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from stocktake.terms.problems import StocktakeError


class Weight(StrEnum):
    """A fault keeps the file out; a defect and a difference are kept with the rows and shown beside them."""

    FAULT = "fault"  # the file cannot be taken as what it claims to be
    DEFECT = "defect"  # the file contradicts itself, or what is established
    DIFFERENCE = "difference"  # two sources, or two editions of one, state different things


@dataclass(frozen=True, order=True)
class Remark:
    """One thing noticed, with every row that it is about. Rows count as an editor does; none means the whole file."""

    file: str
    rows: tuple[int, ...]
    code: str
    weight: Weight
    message: str

    @property
    def place(self) -> str:
        """``FILE:3``, or ``FILE:3,4,5 and 9 more rows``."""
        shown = ",".join(map(str, self.rows[:3]))
        more = f" and {len(self.rows) - 3:,} more rows" if len(self.rows) > 3 else ""
        return f"{self.file}:{shown}{more}" if self.rows else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.message} [{self.code}]"


class RefusedImport(StocktakeError):
    """Files that were not taken; carries every remark on them. Nothing was changed."""

    code = "refused-import"

    def __init__(self, remarks: Iterable[Remark], advice: str = "") -> None:
        self.remarks = tuple(sorted(remarks))
        lines = "\n".join(f"  {r}" for r in self.remarks)
        faults = sum(r.weight is Weight.FAULT for r in self.remarks)
        super().__init__(
            f"Not imported; nothing was changed. {faults} fault(s):\n{lines}" + (f"\n{advice}" if advice else "")
        )


def fault(file: str, rows: Iterable[int], code: str, message: str) -> Remark:
    return Remark(file, tuple(rows), code, Weight.FAULT, message)


def defect(file: str, rows: Iterable[int], code: str, message: str) -> Remark:
    return Remark(file, tuple(rows), code, Weight.DEFECT, message)


def difference(file: str, rows: Iterable[int], code: str, message: str) -> Remark:
    return Remark(file, tuple(rows), code, Weight.DIFFERENCE, message)


def faults(remarks: Iterable[Remark]) -> list[Remark]:
    return [r for r in remarks if r.weight is Weight.FAULT]
