"""Logs that tests write, and the keys that they are written with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from stocktake.ledger.keys import COMPILER, key_record
from stocktake.ledger.notes import Signer
from stocktake.ledger.records import Kind, Record
from stocktake.secretariat.log_desk import file_records, start_log

OPERATOR = Signer("example.org/record", bytes(range(32)))
COMPILED = Signer("compiler.example.org", bytes(range(1, 33)))
BIRTH = 1_790_000_000


def statement(n: int) -> bytes:
    """The ``n``-th of many different statements."""
    body = {"quantity": "stockpile", "best": str(n), "unit": "warheads"}
    return Record.make(Kind.STATEMENT, "FRA", body, stated_on="2026-03-02").data


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the system has such a place: what a test says of syncing it says itself, in its disk."""
    place = Path("/dev/shm")
    with TemporaryDirectory(dir=place if os.access(place, os.W_OK) else tmp_path) as name:
        yield Path(name)


@pytest.fixture
def log(memory: Path) -> Callable[[int], Path]:
    """Makes a log of two keys and that many statements, filed in batches of 100."""

    def make(count: int) -> Path:
        place = memory / "log"
        start_log(place, OPERATOR, BIRTH)
        file_records(place, [key_record(COMPILED.verifier, COMPILER).data], OPERATOR, OPERATOR, BIRTH + 1)
        for start in range(0, count, 100):
            batch = [statement(n) for n in range(start, min(start + 100, count))]
            file_records(place, batch, OPERATOR, COMPILED, BIRTH + 2 + start)
        return place

    return make
