"""The audit: everything that a log publishes, recomputed from its public files and compared byte by byte.

It collects every problem, in three sorts. *wrong*: two things that cannot both be true; *missing*: a file that must be
there is not; *cannot tell*: nothing that the public files hold would decide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, MutableSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from stocktake.ledger.errors import LedgerError, Missing, NoAnswer
from stocktake.ledger.keys import OPERATOR, Roster
from stocktake.ledger.merkle import HASH_SIZE
from stocktake.ledger.notes import COSIGNATURE, ED25519, Checkpoint, Note, Verifier
from stocktake.ledger.records import RECORD_TYPE, Entry, Kind, Record
from stocktake.ledger.tiles import (
    CHECKPOINT,
    VKEY,
    WIDTH,
    Edge,
    blob_path,
    entries_of,
    entries_path,
    grow,
    history_path,
    read_entries,
)


class Reader(Protocol):
    """The public files of a log: ``names``, anew at each call, is None where they cannot be listed (a web server)."""

    def read(self, path: str) -> bytes | None: ...

    def names(self) -> Iterable[str] | None: ...


class Sort(StrEnum):
    WRONG = "wrong"
    MISSING = "missing"
    CANNOT_TELL = "cannot tell"
    NOTE = "note"


@dataclass(frozen=True)
class Found:
    """One thing that the audit found: where, what, and what shows it."""

    sort: Sort
    code: str
    where: str
    message: str
    evidence: str = ""


@dataclass
class Audit:
    """What was audited and found; ``whole`` unless it ended for want of an answer; ``read`` if every entry was."""

    origin: str = ""
    size: int = 0
    checkpoint: str = ""
    found: list[Found] = field(default_factory=list)
    roster: Roster = field(default_factory=Roster)
    removed: int = 0
    whole: bool = True
    read: bool = False

    def count(self, sort: Sort) -> int:
        return sum(f.sort is sort for f in self.found)

    @property
    def holds(self) -> bool:
        return self.whole and not self.count(Sort.WRONG) and not self.count(Sort.MISSING)

    @property
    def line(self) -> str:
        """The audit in one line."""
        counts = ", ".join(f"{self.count(s)} {s}" for s in (Sort.WRONG, Sort.MISSING, Sort.CANNOT_TELL))
        faults = self.count(Sort.WRONG) + self.count(Sort.MISSING)
        verdict = "DOES NOT HOLD" if faults else "COULD NOT BE AUDITED TO ITS END; nothing wrong until there"
        verdict = "every signature, proof and file of the log holds" if self.holds else verdict
        return f"Log {self.origin or '(no checkpoint)'}, {self.size:,} records: {verdict} ({counts})"

    def report(self, sort: Sort, code: str, where: str, message: str, evidence: str = "") -> None:
        self.found.append(Found(sort, code, where, message, evidence))


Visit = Callable[[int, Record], None]


@dataclass(frozen=True)
class Memory:
    """What an audit must remember of each record, so all of it that grows with the log: kind and speaker by id, and
    which contents were named. A caller may keep it elsewhere than in memory."""

    records: MutableMapping[str, tuple[Kind | None, str]] = field(default_factory=dict)
    contents: MutableSet[str] = field(default_factory=set)


def _pass_by(index: int, record: Record) -> None:
    """What is done with each record where nobody asks for them."""


def audit(
    reader: Reader, trusted: Verifier | None = None, visit: Visit = _pass_by, memory: Memory | None = None
) -> Audit:
    """Audit a log from its public files, a bundle of entries at a time.

    ``trusted`` is the key that you have from elsewhere, else the log's own; ``visit`` is called with the index of each
    record that can be read, and the record.
    """
    found = Audit()
    try:
        _audit(reader, trusted, visit, memory or Memory(), found)
    except NoAnswer as error:
        found.whole = False
        found.report(Sort.CANNOT_TELL, error.code, "log", str(error))
    return found


def _audit(reader: Reader, trusted: Verifier | None, visit: Visit, memory: Memory, found: Audit) -> None:
    key = _key(reader, trusted, found)
    head = _checkpoint(reader, CHECKPOINT, found)
    if key is None or head is None:
        return
    note, point = head
    found.origin, found.size, found.checkpoint = point.origin, point.size, str(note)
    history = _history(reader, point.size, found)
    expected = _rebuild(reader, point.size, history, found, visit, memory)
    _chain(reader, history, note, key, expected, found)
    _foreign(reader, expected, found)


def _key(reader: Reader, trusted: Verifier | None, found: Audit) -> Verifier | None:
    data = reader.read(VKEY)
    if data is None:
        found.report(Sort.MISSING, "vkey-missing", VKEY, "the log does not publish its key")
        return trusted
    try:
        own = Verifier.parse(data.decode("ascii").removesuffix("\n"))
        if f"{own}\n".encode() != data:
            raise UnicodeError("it does not end with one line feed")
    except (LedgerError, UnicodeError) as error:
        found.report(Sort.WRONG, "vkey-malformed", VKEY, str(error))
        return trusted
    if trusted is None:
        found.report(Sort.NOTE, "own-key", VKEY, "the log's own key was used: give --vkey with one that you trust")
    return trusted or own


def _checkpoint(reader: Reader, path: str, found: Audit) -> tuple[Note, Checkpoint] | None:
    data = reader.read(path)
    if data is None:
        found.report(Sort.MISSING, "checkpoint-missing", path, "there is no such checkpoint")
        return None
    try:
        note = Note.parse(data)
        return note, Checkpoint.parse(note.text)
    except LedgerError as error:
        found.report(Sort.WRONG, "checkpoint-malformed", path, str(error))
        return None


@dataclass
class _Expected:
    """What the entries imply: root and roster at the sizes of checkpoints, and the files that must or may stand.

    The contents of records (``blob/...``) are in ``memory``, not among ``names``.
    """

    memory: Memory
    roots: dict[int, bytes] = field(default_factory=lambda: {0: Edge().root})
    rosters: dict[int, Roster] = field(default_factory=lambda: {0: Roster()})
    names: set[str] = field(default_factory=lambda: {CHECKPOINT, VKEY})
    gone: dict[str, tuple[int, Entry]] = field(default_factory=dict)
    excused: set[str] = field(default_factory=set)


History = dict[int, int | None]


def _history(reader: Reader, size: int, found: Audit) -> History:
    """Size of every checkpoint that the log keeps, in order, and the time that it claims; its signatures are checked in
    the chain. Only the present one where files cannot be listed."""
    paths = {n for n in reader.names() or () if n.startswith("checkpoints/")}
    kept = History()
    for path in sorted({*paths, *([history_path(size)] if size or paths else [])}):
        read = _checkpoint(reader, path, found)
        if read is not None and history_path(read[1].size) != path:
            found.report(Sort.WRONG, "checkpoint-misplaced", path, f"it is of size {read[1].size}", str(read[0]))
        elif read is not None:
            kept[read[1].size] = _claimed_time(*read)
    return dict(sorted(kept.items()))


def _rebuild(reader: Reader, size: int, history: History, found: Audit, visit: Visit, memory: Memory) -> _Expected:
    """Grow the tree again from the entries; every tile that is there must be what growing gives."""
    edge, expected, roster = Edge(), _Expected(memory), Roster(records=memory.records)
    stops = {s for s in history if s <= size} | {size}
    times = [(s, time) for s, time in history.items() if time is not None][::-1]
    for n in range(-(-size // WIDTH)):
        try:
            entries = read_entries(n, size, reader.read)
        except LedgerError as error:
            sort = Sort.MISSING if isinstance(error, Missing) else Sort.WRONG
            found.report(sort, "entries", entries_path(n), str(error))
            return expected
        for index, data in enumerate(entries, n * WIDTH):
            while times and times[-1][0] <= index:
                times.pop()
            time = times[-1][1] if times else None
            roster = _entry(reader, data, index, time, roster, expected, found, visit)
            if index + 1 in stops:
                expected.rosters[index + 1] = roster
        for stop in (s for s in range(n * WIDTH + 1, n * WIDTH + len(entries) + 1) if s in stops):
            expected.roots[stop] = grow(edge, entries[: stop - n * WIDTH])[0].root
        edge, files = grow(edge, entries)
        last = edge.size == size
        _compare(reader, {p: d for p, d in files.items() if last or ".p/" not in p}, expected, found)
    found.roster, found.read = roster, True
    _excuse(expected, found)
    return expected


def _claimed_time(note: Note, point: Checkpoint) -> int | None:
    line = next((s for s in note.signatures if s.name == point.origin and len(s.data) == 72), None)
    return None if line is None else int.from_bytes(line.data[:8], "big")


def _entry(
    reader: Reader, data: bytes, index: int, time: int | None, roster: Roster, expected: _Expected, found: Audit,
    visit: Visit,
) -> Roster:  # fmt: skip
    """Check one leaf, its record and its signer; the roster after it."""
    where = f"record {index}"
    try:
        entry = Entry.parse(data)
    except LedgerError as error:
        found.report(Sort.WRONG, "entry-malformed", where, str(error))
        return roster
    blob = blob_path(entry.sha256)
    expected.memory.contents.add(entry.sha256)
    content, record = reader.read(blob), None
    if content is None:
        expected.gone[entry.id] = (index, entry)
    elif not entry.holds(content):
        found.report(Sort.WRONG, "record-differs", blob, f"{where}: it is not the record that the entry names")
        content = None
    try:
        if content is not None and entry.media_type == RECORD_TYPE:
            record = Record.parse(content)
        roster.check(entry, record, index, time)
        after = roster.after(entry, record, index)
    except LedgerError as error:
        found.report(Sort.WRONG, error.code, where, str(error))
        after = roster
    signer = after.keys.get(entry.signer)
    try:
        if signer is not None:
            entry.require(signer.verifier.public)
            if time is None and (signer.since, signer.until) != (None, None):
                found.report(Sort.CANNOT_TELL, "no-time", where, "no dated checkpoint says when it was logged")
    except LedgerError as error:
        found.report(Sort.WRONG, error.code, where, str(error))
    if record is not None:
        visit(index, record)
        if record.kind is Kind.WITHDRAWAL and record.body.get("content") == "removed":
            expected.excused.add(str(record.points_to))
    return after


def _excuse(expected: _Expected, found: Audit) -> None:
    """A record whose content is gone is missing, unless a later withdrawal says that it was removed, and why."""
    for id, (index, entry) in expected.gone.items():
        if id in expected.excused:
            found.removed += 1
            found.report(Sort.NOTE, "content-removed", f"record {index}", "its content was removed; the leaf stays")
        else:
            found.report(
                Sort.MISSING, "record-missing", blob_path(entry.sha256), f"record {index}: its content is gone"
            )


def _compare(reader: Reader, files: dict[str, bytes], expected: _Expected, found: Audit) -> None:
    for path, data in files.items():
        expected.names.add(path)
        there = reader.read(path)
        if there is None:
            found.report(Sort.MISSING, "tile-missing", path, "the file is missing")
        elif there != data:
            found.report(Sort.WRONG, "tile-differs", path, "it is not what the entries give")


def _chain(reader: Reader, history: History, note: Note, trusted: Verifier, expected: _Expected, found: Audit) -> None:
    """Every checkpoint that the log keeps: signed by its operator of then, true of the entries, in order of time."""
    point, before = Checkpoint.parse(note.text), 0
    same: Note | None = None
    for size in history:
        kept = Note.parse(reader.read(history_path(size)) or b"")
        same = kept if size == point.size else same
        time = _signed(kept, history_path(size), size, point, trusted, expected, found) or before
        if time < before:
            found.report(Sort.WRONG, "time-backwards", history_path(size), "it is dated before an earlier one")
        before = max(before, time)
    _signed(note, CHECKPOINT, point.size, point, trusted, expected, found)
    if same is not None and (same.text != note.text or not set(same.signatures) <= set(note.signatures)):
        evidence = f"{same}---\n{note}"
        found.report(Sort.WRONG, "split-view", CHECKPOINT, "two checkpoints of one size differ", evidence)
    if point.size in expected.rosters:
        operators = [k.verifier for k in found.roster.keys.values() if k.role == OPERATOR]
        if trusted not in operators:
            found.report(Sort.WRONG, "wrong-key", CHECKPOINT, f"{trusted} is not a key of the operator of this log")


def _signed(
    note: Note, path: str, size: int, head: Checkpoint, trusted: Verifier, expected: _Expected, found: Audit
) -> int | None:
    """Check the signatures of one checkpoint and that it is true; its time."""
    point, roster = Checkpoint.parse(note.text), expected.rosters.get(size, Roster())
    key = roster.operator.verifier if roster.operator else trusted
    if point.origin != head.origin or point.size > head.size:
        found.report(Sort.WRONG, "rollback", path, "it is of another log, or larger than it", str(note))
    known = expected.roots.get(size)
    if known is not None and known != point.root:
        evidence = f"{note}--- root by the entries: {known.hex()}"
        found.report(Sort.WRONG, "root-differs", path, "its root is not that of the entries", evidence)
    elif known is None and point.size <= head.size:
        found.report(Sort.CANNOT_TELL, "root-unknown", path, "entries are missing, so its root cannot be computed")
    time = None
    try:
        if key.name != point.origin:
            found.report(Sort.WRONG, "wrong-key", path, f"the checkpoint is of {point.origin}, the key of {key.name}")
        note.require(key)
        time = note.time_by(key)
    except LedgerError as error:
        found.report(Sort.WRONG, error.code, path, str(error), str(note))
    _others(note, path, key, roster, found)
    return time


def _others(note: Note, path: str, key: Verifier, roster: Roster, found: Audit) -> None:
    """Cosignatures of witnesses: checked where the roster has the key, else nobody can tell."""
    own = {key.key_hash(ED25519), key.key_hash(COSIGNATURE)}
    witnesses = {(w.name, w.key_hash(COSIGNATURE)): w for w in roster.witnesses}
    lines = [(s.name, s.key_hash) for s in note.signatures]
    if len(set(lines)) != len(lines):
        found.report(Sort.WRONG, "signed-twice", path, "two signature lines by one key")
    for line in note.signatures:
        witness = witnesses.get((line.name, line.key_hash))
        if line.name == key.name and line.key_hash not in own:
            found.report(Sort.WRONG, "unknown-signature", path, "a signature in the log's name by another key")
        elif witness is not None:
            try:
                note.time_by(witness)
            except LedgerError as error:
                found.report(Sort.WRONG, "cosignature-fails", path, str(error), str(note))
        elif line.name != key.name:
            why = f"it is cosigned by {line.name}, whose key is not in the roster"
            found.report(Sort.CANNOT_TELL, "unknown-witness", path, why)


def _foreign(reader: Reader, expected: _Expected, found: Audit) -> None:
    """Files that nothing accounts for. Partial tiles of earlier sizes may stay, as beginnings of what came after."""
    wholes = {n.partition(".p/")[0]: n for n in expected.names}
    for path in reader.names() or ():
        folder, _, name = path.partition("/")
        if path in expected.names or folder == "checkpoints" or (folder == "blob" and name in expected.memory.contents):
            continue
        data, whole = reader.read(path), wholes.get(path.partition(".p/")[0])
        if ".p/" not in path or whole is None or data is None or not _begins(reader.read(whole) or b"", data, path):
            found.report(Sort.WRONG, "foreign-file", path, "no entry of the log accounts for this file")


def _begins(whole: bytes, part: bytes, path: str) -> bool:
    width = path.rpartition("/")[2]
    if (
        not (width.isascii() and width.isdigit())
        or width[0] == "0"
        or int(width) >= WIDTH
        or not whole.startswith(part)
    ):
        return False
    if not path.startswith("tile/entries/"):
        return len(part) == int(width) * HASH_SIZE
    try:
        return len(entries_of(part, int(width))) == int(width)
    except LedgerError:
        return False
