"""Roll-call votes as a matrix: one row a vote, one column a State; counted, checked, and asked without a loop."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stocktake.evidence.remarks import Remark, defect, difference, fault

# Codes of Voeten, Strezhnev and Bailey, "United Nations General Assembly Voting Data", codebook.
WORDS = {1: "yes", 2: "abstain", 3: "no", 8: "absent", 9: "not a member"}
CODES = {word: code for code, word in WORDS.items()}
_KNOWN = np.zeros(256, dtype=bool)
_KNOWN[[ord(str(code)) for code in WORDS]] = True


@dataclass(frozen=True)
class RollCalls:
    """``votes[i, j]`` is the code of State ``states[j]`` in the vote ``ids[i]``; shape (votes, States), 1 byte each."""

    file: str
    ids: tuple[str, ...]
    days: NDArray[np.datetime64]
    rows: NDArray[np.int64]
    states: tuple[str, ...]
    votes: NDArray[np.int8]

    def tally(self) -> dict[str, NDArray[np.int64]]:
        """How many States voted yes, no, abstain, in each vote."""
        return {word: (self.votes == CODES[word]).sum(axis=1) for word in ("yes", "no", "abstain")}


def is_matrix(header: Sequence[str]) -> bool:
    """Whether the columns are an id, a date, perhaps flags, and then more than a hundred States."""
    return header[:2] == ["rcid", "date"] and sum(_is_state(name) for name in header) > 100


def _is_state(name: str) -> bool:
    return len(name) == 3 and name.isascii() and name.isupper()


def read_matrix(text: str, file: str) -> tuple[RollCalls | None, list[Remark]]:
    """The matrix, and what is wrong with it: codes that are none, rows that are torn, dates that are no dates."""
    reader = csv.reader(io.StringIO(text))
    try:
        (_, header), *found = list(_numbered(reader))
    except csv.Error as error:
        said = f"the file stops being CSV here ({error})"
        return None, [fault(file, (reader.line_num,), "broken-csv", said)]
    if not found:
        return None, [fault(file, (), "empty-file", "the file has a header and no rows")]
    first = next(n for n, name in enumerate(header) if _is_state(name))
    width = len(header) - first
    ids, days, rows, cells, torn, odd = [], [], [], [], [], []
    for number, line in found:
        joined = "".join(line[first:])
        if len(joined) != width:  # a column that was once read as decimals writes 1.0 for 1
            joined = "".join(cell.removesuffix(".0") for cell in line[first:])
        if len(line) != len(header):
            torn.append(number)
        elif len(joined) != width:
            odd.append(number)
        else:
            ids.append(line[0])
            days.append(line[1])
            rows.append(number)
            cells.append(joined)
    remarks = (
        [fault(file, torn, "wrong-columns", f"a row has not the {len(header)} columns of the header")] if torn else []
    )
    if odd:
        remarks.append(fault(file, odd, "not-a-vote", "a vote is one of the codes 1, 2, 3, 8 and 9"))
    raw = np.frombuffer("".join(cells).encode("latin-1", "replace"), dtype=np.uint8).reshape(len(cells), width)
    strange = np.flatnonzero(~_KNOWN[raw].all(axis=1))
    if strange.size:
        at = [rows[n] for n in strange]
        remarks.append(fault(file, at, "not-a-vote", "a vote is one of the codes 1, 2, 3, 8 and 9"))
    dated, wrong = _dates(days, rows, file)
    votes = (raw - ord("0")).astype(np.int8)
    lines = np.array(rows, dtype=np.int64)
    return RollCalls(file, tuple(ids), dated, lines, tuple(header[first:]), votes), remarks + wrong


class _Reader(Protocol):
    """What ``csv.reader`` returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def _numbered(reader: _Reader) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line on which it ends."""
    for line in reader:
        if line:
            yield reader.line_num, line


def _dates(cells: list[str], rows: list[int], file: str) -> tuple[NDArray[np.datetime64], list[Remark]]:
    try:
        return np.array(cells, dtype="datetime64[D]"), []
    except ValueError:
        good = [_is_day(cell) for cell in cells]
        at = [row for row, fine in zip(rows, good, strict=True) if not fine]
        known = [cell if fine else "0001-01-01" for cell, fine in zip(cells, good, strict=True)]
        return np.array(known, dtype="datetime64[D]"), [fault(file, at, "invalid-date", "write the day as 2020-12-07")]


def _is_day(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def check_matrix(calls: RollCalls, states: Sequence[str], today: date) -> list[Remark]:
    """Repeated votes, votes to come, columns that are no State."""
    return sorted(
        [
            *_repeated(calls),
            *_strangers(calls, states),
            *_late(calls, today),
        ]
    )


def _repeated(calls: RollCalls) -> Iterator[Remark]:
    names, counts = np.unique(np.array(calls.ids), return_counts=True)
    for n in np.flatnonzero(counts > 1):
        at = [int(row) for row, id in zip(calls.rows, calls.ids, strict=True) if id == names[n]]
        same = len({calls.votes[i].tobytes() for i, id in enumerate(calls.ids) if id == names[n]}) == 1
        yield defect(
            calls.file,
            at,
            "repeated-claim" if same else "contradiction",
            f"roll-call {names[n]} stands {counts[n]} times, {'alike' if same else 'with different votes'}",
        )


def _strangers(calls: RollCalls, states: Sequence[str]) -> Iterator[Remark]:
    for code in sorted(set(calls.states) - set(states)):
        said = f"the column {code} is on no list of States of today"
        yield difference(calls.file, (1,), "not-on-the-list-of-states", said)


def _late(calls: RollCalls, today: date) -> Iterator[Remark]:
    late = calls.days > np.datetime64(today, "D")
    if late.any():
        yield defect(calls.file, calls.rows[late].tolist(), "future-date", f"a date to come; today is {today}")


Tally = Mapping[str, int]


def recount(
    symbols: Sequence[str], words: Sequence[str], rows: Sequence[int], stated: Mapping[str, Tally], file: str
) -> list[Remark]:
    """A list of votes (State by State) against the tally that the organisation published; each that differs."""
    names, code = np.unique(np.array(symbols), return_inverse=True)
    counted = {
        word: np.bincount(code, weights=np.array([w == word for w in words]), minlength=len(names)).astype(int)
        for word in ("yes", "no", "abstain")
    }
    remarks = []
    for n, symbol in enumerate(names.tolist()):
        official = stated.get(symbol)
        ours = {word: int(counted[word][n]) for word in counted}
        if official is not None and dict(official) != ours:
            at = [row for row, s in zip(rows, symbols, strict=True) if s == symbol]
            said = f"{symbol}: the rows count {_spoken(ours)}, the published tally is {_spoken(official)}"
            span = f"; rows {at[0]} to {at[-1]}" if at[0] != at[-1] else ""
            remarks.append(defect(file, at[:1], "tally-differs", said + span))
    return remarks


def _spoken(tally: Tally) -> str:
    return f"{tally['yes']}-{tally['no']}-{tally['abstain']}"
