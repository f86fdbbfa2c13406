"""Kinds of record: a reservation, a report, a session are not the same thing, and each must say what its kind says.

Which quantities belong to a kind, and what a row of it must give, is data (``records.yaml``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from stocktake.evidence.statements import Form, Statement
from stocktake.terms.words import Words


class RecordType(BaseModel):
    """``quantities`` belong to the type; ``forms`` restrict them further. ``needs`` are columns that must be given;
    ``acts`` the keywords that a row of it may have (none given: any)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: Words
    about: Words
    quantities: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    needs: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    series: str | None = None

    def takes(self, statement: Statement) -> bool:
        """Whether a statement is a record of this type."""
        quantity = not self.quantities or statement.quantity in self.quantities
        return quantity and (not self.forms or statement.form in self.forms)


def record_type(statement: Statement, types: Iterable[RecordType]) -> RecordType | None:
    """The first type that takes the statement; None where the table has none."""
    return next((t for t in types if t.takes(statement)), None)


def faults_of(statement: Statement, kind: RecordType) -> Iterator[str]:
    """What the statement lacks to be a record of its kind."""
    for name in kind.needs:
        if getattr(statement, name) in (None, ""):
            yield f"a record of the type {kind.id} needs {name}"
    if kind.acts and statement.act is not None and statement.act not in kind.acts:
        yield f"act {statement.act!r} is none of a {kind.id}: {', '.join(kind.acts)}"
    if kind.series and not (statement.series or "").startswith(kind.series):
        yield f"a record of the type {kind.id} names its series, beginning with {kind.series!r}"


def tally(statements: Iterable[Statement], types: Iterable[RecordType]) -> Mapping[str, int]:
    """How many statements are of each type; the types in the order of the table, empty ones included."""
    known = list(types)
    counts = {t.id: 0 for t in known}
    for statement in statements:
        kind = record_type(statement, known)
        if kind is not None:
            counts[kind.id] += 1
    return counts
