"""What the commands of the log do: file, revoke, remove, prove, watch, cosign."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from stocktake.ledger.audit import Audit, Reader, audit
from stocktake.ledger.errors import LogRefused, Malformed, Missing, NotAllowed, ProofFails, SplitView
from stocktake.ledger.keys import OPERATOR, Roster, key_record
from stocktake.ledger.merkle import consistency_proof, root, verify_consistency
from stocktake.ledger.notes import Checkpoint, Note, Signer, Verifier
from stocktake.ledger.proofs import Bundle, prove
from stocktake.ledger.records import RECORD_TYPE, Entry, Kind, Record, entry_for
from stocktake.ledger.tiles import CHECKPOINT, VKEY, Read, blob_path, nodes
from stocktake.secretariat.log_index import Index, audit_memory, entries_in, indexed
from stocktake.secretariat.log_storage import Filed, LogStore, create, opened


def clock() -> int:
    """Seconds since 1970."""
    return int(time.time())


def start_log(root_: Path, operator: Signer, now: int) -> None:
    """Make a log under the operator's name; its first record admits the operator's key."""
    record = key_record(operator.verifier, OPERATOR).data
    create(root_, operator, (entry_for(record, operator), record), now)


def file_records(place: Path, records: Sequence[bytes], operator: Signer, signer: Signer, now: int) -> list[int]:
    """File a batch under the signer's key; the index of each record, the earlier one where it is in the log already.

    Every record is checked before any is appended: its form, the signer's key, role and validity, what it points to.
    """
    filed = [(entry_for(record, signer), record) for record in records]
    return file_entries(place, filed, operator, now)


def file_entries(place: Path, filed: Sequence[Filed], operator: Signer, now: int) -> list[int]:
    """File records with entries that were signed elsewhere."""
    with opened(place) as store, indexed(store) as index:
        _require_operator(index.roster, operator, f"{place}: {operator.verifier} is not the key of this log's operator")
        fresh, indices, removed = list[Filed](), list[int](), list[str]()
        for entry, data in filed:
            at = index.find(entry)
            if at is None:
                at = store.point.size + len(fresh)
                removed += _add(index, entry, data, at, now)
                fresh.append((entry, data))
            indices.append(at)
        changed = "the batch changes the operator's key; rotate it with: stocktake ledger rotate"
        _require_operator(index.roster, operator, changed)
        store.append(fresh, operator, now, removed)
        _keep(index, store)
        return indices


def _require_operator(roster: Roster, operator: Signer, otherwise: str) -> None:
    if roster.operator is None or roster.operator.verifier != operator.verifier:
        raise NotAllowed(otherwise)


def _add(index: Index, entry: Entry, data: bytes, at: int, now: int) -> list[str]:
    """Check one record and add it to the index; the content that it takes off the disk, where it says so."""
    if not entry.holds(data):
        raise Malformed(f"record {at}: the entry names another record than the one that was given")
    record = Record.parse(data) if entry.media_type == RECORD_TYPE else None
    index.roster.check(entry, record, at, now)
    key = index.roster.keys.get(entry.signer)
    if key is not None:
        entry.require(key.verifier.public)
    index.add(entry, record, at)
    if record is None or record.kind is not Kind.WITHDRAWAL or record.body.get("content") != "removed":
        return []
    content = index.content_of(str(record.points_to))
    return [] if content is None else [blob_path(content)]


def _keep(index: Index, store: LogStore) -> None:
    """The batch is in the log; an index that cannot be kept now is brought up to it by the next append."""
    with suppress(sqlite3.Error):
        index.keep(store)


def roster_of(read: Read, size: int) -> Roster:
    """The keys as they stand after the first ``size`` records."""
    roster = Roster()
    for index, entry in entries_in(read, size):
        data = read(blob_path(entry.sha256))
        readable = data is not None and entry.media_type == RECORD_TYPE and entry.holds(data)
        roster = roster.after(entry, Record.parse(data) if readable and data is not None else None, index)
    return roster


def rotate_operator(place: Path, old: Signer, new: Signer, now: int) -> int:
    """Hand the log over to a new key of the same name: the old key signs the record, the new one the checkpoint."""
    if new.name != old.name:
        raise NotAllowed(f"the new key is named {new.name}; a log keeps its name, {old.name}")
    with opened(place) as store, indexed(store) as index:
        roster = index.roster
        if roster.operator is None or roster.operator.verifier != old.verifier:
            raise NotAllowed(f"{place}: {old.verifier} is not the key of this log's operator")
        data = key_record(new.verifier, OPERATOR, replaces=roster.operator.id).data
        entry, at = entry_for(data, old), store.point.size
        _add(index, entry, data, at, now)
        store.append([(entry, data)], new, now)
        _keep(index, store)
        return at


def audit_log(reader: Reader, key: Verifier | None) -> Audit:
    """Audit a log of any size: what must be remembered of each record goes into a temporary file."""
    with audit_memory() as memory:
        return audit(reader, key, memory=memory)


def checkpoint_of(reader: Reader, key: Verifier | None) -> tuple[Note, Checkpoint, Verifier]:
    """The log's checkpoint, verified with that key; with the log's own where none is given."""
    data, own = reader.read(CHECKPOINT), reader.read(VKEY)
    if data is None or (key is None and own is None):
        raise LogRefused("there is no log here: no checkpoint, or no vkey and no --vkey")
    key = key or Verifier.parse((own or b"").decode("utf-8", "replace").strip())
    note = Note.parse(data)
    note.require(key)
    point = Checkpoint.parse(note.text)
    if point.origin != key.name:
        raise ProofFails(f"the checkpoint is of {point.origin}, the key of {key.name}")
    return note, point, key


def bundle_of_record(reader: Reader, wanted: str, key: Verifier | None) -> Bundle:
    """The proof bundle of a record, by its index, its id or its SHA-256."""
    note, point, key = checkpoint_of(reader, key)
    index = int(wanted) if wanted.isdecimal() and len(wanted) < 20 else _index_of(reader, wanted, point.size)
    entry, proof = prove(index, note, reader.read)
    signer = roster_of(reader.read, point.size).keys.get(entry.signer)
    if signer is None:
        raise NotAllowed(f"record {index}: the log does not say whose key {entry.signer} is")
    return Bundle(reader.read(blob_path(entry.sha256)), entry, proof, signer.verifier.public, str(key))


def _index_of(reader: Reader, wanted: str, size: int) -> int:
    for index, entry in entries_in(reader.read, size):
        if wanted in (entry.id, entry.sha256):
            return index
    raise LogRefused(f"there is no record {wanted} in the log; give an index, a record id or a SHA-256")


def consistency(reader: Reader, old: int, new: int) -> tuple[bytes, bytes, list[bytes]]:
    """Both roots and the proof that the tree of ``new`` records extends that of ``old``."""
    size = checkpoint_of(reader, None)[1].size
    if not 0 <= old <= new <= size:
        raise ProofFails(f"sizes in order, up to {size}, are expected; given {old} and {new}")
    node = nodes(size, reader.read)
    roots = root(old, node), root(new, node)
    path = consistency_proof(old, new, node)
    verify_consistency(old, new, path, *roots)
    return *roots, path


def require_growth(reader: Reader, seen: Note, note: Note) -> None:
    """Raises SplitView, with both checkpoints, unless the log at ``note`` extends the log at ``seen``."""
    before, now = Checkpoint.parse(seen.text), Checkpoint.parse(note.text)
    if before.origin != now.origin:
        raise ProofFails(f"this is the log {now.origin}; the state is of {before.origin}. Use another --state.")
    if now.size < before.size:
        raise SplitView(f"ROLLBACK: {before.size} records were signed for, now {now.size}.", str(seen), str(note))
    try:
        node = nodes(now.size, reader.read)
        path = consistency_proof(before.size, now.size, node)
        verify_consistency(before.size, now.size, path, before.root, now.root)
        if root(now.size, node) != now.root:
            raise ProofFails("the tiles do not give the root of the checkpoint")
    except Missing as error:
        raise Missing(
            f"{error}; the log signed for {now.size} records but does not show that they extend the {before.size} seen "
            f"before. If it stays so, show both checkpoints:\n{seen}---\n{note}"
        ) from error
    except (ProofFails, Malformed) as error:
        raise SplitView(f"SPLIT VIEW or damaged tiles: {error}.", str(seen), str(note)) from error


def watch(reader: Reader, state: Path, key: Verifier | None) -> tuple[int | None, int]:
    """Follow a log: its checkpoint must extend the one that was seen last, which is then kept in ``state``.

    Returns the sizes before (None at the first look) and now. On a rollback or a split view the state stays, the new
    checkpoint is kept beside it, and SplitView is raised.
    """
    note, point, key = checkpoint_of(reader, key)
    seen = _kept(state)
    if seen is not None:
        try:
            require_growth(reader, seen, note)
        except SplitView:
            _keep_note(state.with_name(f"{state.name}.evidence"), str(note))
            raise
    _keep_note(state, str(note))
    return (Checkpoint.parse(seen.text).size if seen else None), point.size


def witness(reader: Reader, state: Path, key: Verifier | None, signer: Signer, now: int) -> Note:
    """Cosign the log's checkpoint if it extends the last one that was cosigned; the state is kept before signing."""
    watch(reader, state, key)
    note = checkpoint_of(reader, key)[0]
    seen = _kept(state)
    if seen is None or seen.text != note.text:
        raise ProofFails("the log grew meanwhile; witness it again")
    return note.cosigned(signer, now)


def _kept(state: Path) -> Note | None:
    return Note.parse(state.read_bytes()) if state.is_file() else None


def _keep_note(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.rename(path)


def removal(read: Read, wanted: str, size: int, reason: str) -> Record:
    """The withdrawal that takes a record's content off the disk; leaf and reason stay."""
    for index, entry in entries_in(read, size):
        if wanted in (str(index), entry.id, entry.sha256):
            data = read(blob_path(entry.sha256))
            speaker = Record.parse(data).speaker if data and entry.media_type == RECORD_TYPE else "log operator"
            return Record.make(Kind.WITHDRAWAL, speaker, {"content": "removed"}, supersedes=entry.id, reason=reason)
    raise LogRefused(f"there is no record {wanted} in the log")
