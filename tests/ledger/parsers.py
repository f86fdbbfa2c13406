"""Every parser of the log, as a function from bytes to the bytes of what it read; and a valid sample for each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stocktake.ledger.canonical import canonical
from stocktake.ledger.errors import Malformed
from stocktake.ledger.keys import COMPILER, key_record, parse_key
from stocktake.ledger.notes import Checkpoint, Note, Verifier
from stocktake.ledger.proofs import Bundle, Proof
from stocktake.ledger.records import Entry, Record
from stocktake.ledger.tiles import bundle_of, entries_of
from stocktake.secretariat.log_desk import bundle_of_record, file_records, start_log
from stocktake.secretariat.log_reading import FolderReader
from tests.ledger.conftest import BIRTH, COMPILED, OPERATOR, statement


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None


def _key(data: bytes) -> bytes:
    record = Record.parse(data)
    parse_key(record.body, 0)
    return canonical(record.fields)


def _verifier(data: bytes) -> bytes:
    """A key of type 4 is the same key, and is written as type 1."""
    text, key = _text(data), Verifier.parse(_text(data))
    return data if text.startswith(f"{key.name}+{key.key_hash(4).hex()}+BA") else str(key).encode()


def _entries(data: bytes) -> bytes:
    return bundle_of(entries_of(data[1:], data[0])) if data else b""


PARSERS: list[Callable[[bytes], bytes]] = [
    lambda data: str(Note.parse(data)).encode(),
    lambda data: Checkpoint.parse(_text(data)).text.encode(),
    _verifier,
    lambda data: Entry.parse(data).data,
    lambda data: canonical(Record.parse(data).fields),
    lambda data: bytes(Bundle.parse(data)),
    lambda data: str(Proof.parse(_text(data))).encode(),
    _key,
    lambda data: data[:1] + _entries(data),
]


def samples(folder: Path) -> list[bytes]:
    """What each parser takes, in their order, from a small log."""
    start_log(folder / "log", OPERATOR, BIRTH)
    admitted = key_record(COMPILED.verifier, COMPILER).data
    file_records(folder / "log", [admitted], OPERATOR, OPERATOR, BIRTH)
    file_records(folder / "log", [statement(n) for n in range(3)], OPERATOR, COMPILED, BIRTH)
    bundle = bundle_of_record(FolderReader(folder / "log"), "3", None)
    note = bundle.proof.checkpoint
    entries = b"\x02" + bundle_of([bundle.entry.data, b"x"])
    return [
        str(note).encode(), note.text.encode(), bundle.vkey.encode(), bundle.entry.data, statement(1), bytes(bundle),
        str(bundle.proof).encode(), admitted, entries,
    ]  # fmt: skip
