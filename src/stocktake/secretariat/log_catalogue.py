"""The catalogue in a log: every file of rules and every statement a record, release after release.

The key of this log is public on purpose: it is derived from a text below, so that anyone makes the same log, signatures
included. A signature by it proves nothing about who signed. What binds is the checkpoint of each release, kept in the
repository beside the records (``ledger/NNNN.checkpoint``, ``ledger/NNNN.jsonl``): the next release must extend it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stocktake.assessment.review import Catalogue
from stocktake.evidence.statements import Statement
from stocktake.ledger.audit import Audit, Sort, audit
from stocktake.ledger.canonical import sha256
from stocktake.ledger.errors import LedgerError, LogRefused
from stocktake.ledger.keys import COMPILER, OPERATOR, key_record
from stocktake.ledger.notes import Checkpoint, Note, Signer, Verifier, signed_checkpoint
from stocktake.ledger.records import Kind, Record, entry_for
from stocktake.ledger.tiles import CHECKPOINT, blob_path, grow, history_path, read_edge
from stocktake.register.policy import Policy
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.log_desk import require_growth
from stocktake.secretariat.log_index import entries_in
from stocktake.secretariat.log_reading import FilesReader, FolderReader
from stocktake.secretariat.log_storage import Filed, new_log
from stocktake.terms.problems import InvalidCatalogue
from stocktake.terms.states import State

ORIGIN, RELEASES, REVIEW = "stocktake/catalogue", "ledger", "review.json"
_PUBLIC_KEYS = "stocktake catalogue log: a key that everyone has, on purpose: "
_RULES = (
    "policy.yaml",
    "error_models.yaml",
    "irreversibility.yaml",
    "mirror.yaml",
    "records.yaml",
    "states.csv",
    "rosters.csv",
    "votes.csv",
    "speakers.csv",
    "register",
    "yardsticks",
)
MAKER = "stocktake"


def _public_key(name: str) -> Signer:
    return Signer(name, hashlib.sha256(f"{_PUBLIC_KEYS}{name}".encode()).digest())


@cache
def operator() -> Signer:
    return _public_key(ORIGIN)


@cache
def compiler() -> Signer:
    return _public_key(f"{ORIGIN}/compiler")


@dataclass(frozen=True)
class Release:
    """A release of the catalogue: its records in order, and the checkpoint that was published with it."""

    records: tuple[Record, ...]
    checkpoint: Note

    @property
    def time(self) -> int | None:
        return self.checkpoint.time_by(operator().verifier)


@dataclass(frozen=True)
class CatalogueLog:
    """Every record of a catalogue in order, by batches; ``None`` dates the batch that no release has yet."""

    batches: tuple[tuple[int | None, tuple[Record, ...]], ...]

    @property
    def size(self) -> int:
        return sum(len(records) for _, records in self.batches)

    def cut(self, size: int) -> CatalogueLog:
        """The first ``size`` records; a batch that is cut has no date."""
        kept, left = list[tuple[int | None, tuple[Record, ...]]](), size
        for moment, records in self.batches:
            if left > 0:
                kept.append((moment if len(records) <= left else None, records[:left]))
            left -= len(records)
        return CatalogueLog(tuple(kept))

    def size_on(self, day: date) -> int:
        """How many records dated checkpoints covered at the end of that day (UTC); 0 before the log's birth."""
        end = datetime.combine(day, time.max, UTC).timestamp()
        dated, size = 0, 0
        for moment, records in self.batches:
            size += len(records)
            if moment is not None and moment <= end:
                dated = size
        return dated

    def files(self) -> dict[str, bytes]:
        """Every public file of the log."""
        return new_log(operator(), [(moment, [_filed(r) for r in records]) for moment, records in self.batches])

    def latest(self) -> dict[str, Record]:
        """The last record about each statement and each file of rules, by its name."""
        return {_name(r): r for _, records in self.batches for r in records if r.kind is not Kind.KEY}


def _filed(record: Record) -> Filed:
    signer = operator() if record.kind is Kind.KEY else compiler()
    return entry_for(record.data, signer), record.data


def _name(record: Record) -> str:
    return str(record.body.get("file") or f"statement {record.body['id']}")


def catalogue_log(catalogue: Catalogue, folder: Traversable | None) -> CatalogueLog:
    """The log of a catalogue: its releases, then what has changed since the last."""
    home = folder or resources("stocktake").joinpath("catalogue")
    released = releases(home)
    log = CatalogueLog(tuple((r.time, r.records) for r in released))
    fresh = tuple(_changes(log, catalogue, home))
    return CatalogueLog((*log.batches, (None, fresh))) if fresh else log


def releases(home: Traversable) -> list[Release]:
    """The releases that a catalogue keeps, in order; each must extend the one before."""
    folder = home.joinpath(RELEASES)
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".jsonl")) if folder.is_dir() else []
    found = list[Release]()
    for name in names:
        rows = folder.joinpath(name).read_bytes().split(b"\n")[:-1]
        note = Note.parse(folder.joinpath(name.replace(".jsonl", ".checkpoint")).read_bytes())
        note.require(operator().verifier)
        found.append(Release(tuple(map(Record.parse, rows)), note))
    return found


def broken_release(home: Traversable, held: Iterable[Note] = ()) -> str | None:
    """The first release that is not what it was, or does not extend the one before; None if all hold.

    Each release's records must give its checkpoint again, byte for byte. ``held`` are checkpoints as somebody kept them
    (the history of the repository): each must be proved a beginning of the last release. A rewritten release fits
    itself, and fails there.
    """
    found = releases(home)
    files, size = CatalogueLog(tuple((r.time, r.records) for r in found)).files(), 0
    for n, release in enumerate(found, 1):
        size += len(release.records)
        if files[history_path(size)] != str(release.checkpoint).encode():
            return f"release {n:04d}: its records do not give the checkpoint that was published"
    notes, reader = [r.checkpoint for r in found], FilesReader(files)
    try:
        for before, after in pairwise(notes):
            require_growth(reader, before, after)
        for note in held:
            note.require(operator().verifier)
            require_growth(reader, note, notes[-1] if notes else note)
    except LedgerError as error:
        return f"the releases do not extend what was published before: {error}"
    return None


def write_release(folder: Path, now: int) -> tuple[str, Checkpoint]:
    """Make a release of what has changed: its records and its checkpoint, written into the catalogue."""
    catalogue, _, _ = load_catalogue(folder)
    released = releases(folder)
    batches = tuple((r.time, r.records) for r in released)
    fresh = tuple(_changes(CatalogueLog(batches), catalogue, folder))
    if not fresh:
        raise LogRefused(f"{folder}: nothing has changed since release {len(released):04d}")
    note = CatalogueLog((*batches, (now, fresh))).files()[CHECKPOINT]
    home, name = folder / RELEASES, f"{len(released) + 1:04d}"
    home.mkdir(exist_ok=True)
    (home / f"{name}.jsonl").write_bytes(b"".join(r.data + b"\n" for r in fresh))
    (home / f"{name}.checkpoint").write_bytes(note)
    return name, Checkpoint.parse(Note.parse(note).text)


def _changes(log: CatalogueLog, catalogue: Catalogue, home: Traversable) -> Iterator[Record]:
    """What the log does not say yet: new records, corrections of changed ones, withdrawals of those that are gone."""
    if not log.size:
        yield key_record(operator().verifier, OPERATOR)
        yield key_record(compiler().verifier, COMPILER)
    latest, present = log.latest(), dict(_present(catalogue, home))
    for name, record in present.items():
        before = latest.get(name)
        if before is None:
            yield record
        elif before.kind is Kind.WITHDRAWAL or before.body != record.body:
            stated = record.fields.get("stated_on")
            yield Record.make(Kind.CORRECTION, record.speaker, record.body, supersedes=before.id, stated_on=stated)
    for name, before in latest.items():
        if name not in present and before.kind is not Kind.WITHDRAWAL:
            what = {k: v for k, v in before.body.items() if k in ("file", "id")}
            reason = "it is no longer in the catalogue"
            yield Record.make(Kind.WITHDRAWAL, before.speaker, what, supersedes=before.id, reason=reason)


def _present(catalogue: Catalogue, home: Traversable) -> Iterator[tuple[str, Record]]:
    for path in _RULES:
        for name, file in _walk(home.joinpath(path), path):
            body = {"file": name, "text": file.read_bytes().decode("utf-8-sig")}
            yield name, Record.make(Kind.RULE, MAKER, body)
    for s in sorted(catalogue.archive.statements, key=lambda s: s.id):
        stated = None if s.stated_on is None else str(s.stated_on)
        record = Record.make(Kind.STATEMENT, s.speaker, statement_body(s), stated_on=stated)
        yield _name(record), record


def _walk(place: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    if place.is_file():
        yield path, place
    elif place.is_dir():
        for part in sorted(place.iterdir(), key=lambda p: p.name):
            if part.is_dir() or part.name.endswith((".yaml", ".csv")):
                yield from _walk(part, f"{path}/{part.name}")


def statement_body(s: Statement) -> dict[str, str | bool]:
    """A statement as it is signed: figures as decimal strings, dates as given, nothing that was not given."""
    row = {name: getattr(s, name) for name in type(s).model_fields}
    return {k: _written(v) for k, v in row.items() if v is not None}


def _written(value: object) -> str | bool:
    if isinstance(value, bool):
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def catalogue_of(log: CatalogueLog, register: str | None = None) -> tuple[Catalogue, tuple[State, ...], Policy]:
    """The catalogue as the records of a log give it, and nothing else."""
    latest = [r for r in log.latest().values() if r.kind is not Kind.WITHDRAWAL]
    with TemporaryDirectory() as name:
        folder = Path(name)
        for record in (r for r in latest if "file" in r.body):
            path = folder / record.body["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(record.body["text"], encoding="utf-8", newline="")
        (folder / "evidence").mkdir(exist_ok=True)
        rows = [r.body for r in latest if "file" not in r.body]
        (folder / "evidence" / "log.csv").write_text(_table(rows), encoding="utf-8", newline="")
        return load_catalogue(folder, register)


def _table(rows: Sequence[dict[str, object]]) -> str:
    said = {True: "yes", False: "no"}
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(Statement.model_fields), restval="")
    writer.writeheader()
    writer.writerows({k: said[v] if isinstance(v, bool) else v for k, v in row.items()} for row in rows)
    return text.getvalue()


def known_by(catalogue: Catalogue, day: date) -> list[str]:
    """Before the log's birth: the statements that had not been made by that day, so far as their dates tell."""
    said = ((s, s.stated_on or s.published or s.vintage or s.as_of) for s in catalogue.archive.statements)
    return [s.id for s, when in said if when.first > day]


@dataclass(frozen=True)
class Known:
    """A catalogue as it was known, where that stands in the log, and the log's files and records up to there."""

    catalogue: Catalogue
    states: tuple[State, ...]
    policy: Policy
    at: dict[str, Any]
    log: dict[str, bytes]
    records: CatalogueLog


def what_was_known(folder: Traversable | None, known_at: int | date | None, register: str | None = None) -> Known:
    """The catalogue with one of its registers as of a size of its log, or a day; all of it for None.

    Before the log's birth it is reconstructed from the dates of the statements, and marked so. Raises LogRefused for a
    size that the log has not reached.
    """
    catalogue, states, policy = load_catalogue(folder, register)
    log = catalogue_log(catalogue, folder)
    size = log.size_on(known_at) if isinstance(known_at, date) else known_at
    if isinstance(known_at, date) and size == 0:
        files = log.files()
        past = replace(catalogue, archive=catalogue.archive.without(known_by(catalogue, known_at)))
        at: dict[str, Any] = {
            "tree_size": None,
            "checkpoint": None,
            "reconstructed": True,
            "date": known_at.isoformat(),
        }
        return Known(past, states, policy, at, files, CatalogueLog(()))
    if size is not None and not 1 <= size <= log.size:
        raise LogRefused(f"the log of the catalogue has {log.size} records; --known-at is 1 to {log.size}, or a date")
    if size is not None and size < log.size:
        ends = ", ".join(str(n) for n in accumulate(len(records) for _, records in log.batches))
        log = log.cut(size)
        try:
            catalogue, states, policy = catalogue_of(log, register)
        except InvalidCatalogue as error:
            raise LogRefused(
                f"the first {size} records are no whole catalogue ({len(error.problems)} references lead nowhere yet). "
                f"Give a size at which the log was published: {ends}"
            ) from None
    files = log.files()
    at = {"tree_size": log.size, "checkpoint": files[CHECKPOINT].decode(), "reconstructed": False}
    return Known(catalogue, states, policy, at, files, log)


def with_review(log: dict[str, bytes], review: bytes) -> dict[str, bytes]:
    """The files of a log once a published review is in it: the digest of ``review.json``, what it read, its inputs.

    ``inputs`` are the ids of the records that it used, in their order in the log: each statement that it lists, and
    every file of rules as it then was.
    """
    document, point = json.loads(review), Checkpoint.parse(Note.parse(log[CHECKPOINT]).text)
    known = document["known_at"]
    used = {f"statement {id}" for id in document["statements"]}
    latest = _latest(_records(FilesReader(log), point.size))
    body = {
        "file": REVIEW,
        "sha256": sha256(review),
        "size": len(review),
        "known_at": known,
        "inputs": [r.id for name, r in latest.items() if name in used or "file" in r.body],
    }
    record = Record.make(Kind.REVIEW, MAKER, body)
    entry, data = _filed(record)
    edge, files = grow(read_edge(point.size, log.get), [entry.data])
    note = str(signed_checkpoint(Checkpoint(point.origin, edge.size, edge.root), operator(), None)).encode()
    return log | files | {blob_path(entry.sha256): data, history_path(edge.size): note, CHECKPOINT: note}


def audit_review(place: Path, trusted: Verifier | None = None) -> Audit:
    """Audit the log that a review published at ``place``/log, and that review and inputs are what it says.

    The review must be a signed record of the log, with the digest of ``review.json``; the checkpoint that it read must
    be one that the log grew from; each of its inputs must stand in the log before that, as the review shows it.
    """
    records, reader = list[tuple[int, Record]](), FolderReader(place / "log")
    found = audit(reader, trusted, lambda index, record: records.append((index, record)))
    try:
        data = (place / REVIEW).read_bytes()
        review = json.loads(data)
        point, statements = review["known_at"], review["statements"]
        if not found.read:
            return found  # what it says of the log is all that can be said
        _compare_read(found, reader, point)
        size = found.size if point["reconstructed"] else point["tree_size"]
        before = [(i, r) for i, r in records if i < size and r.kind is not Kind.REVIEW]
        _compare_inputs(found, before, statements)
        _compare_record(found, before, [r for _, r in records if r.kind is Kind.REVIEW], data, point)
    except OSError as error:
        found.report(Sort.MISSING, "review-missing", REVIEW, str(error.strerror))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found.report(Sort.WRONG, "review-malformed", REVIEW, f"no stocktake.review/1 ({error})")
    return found


def _compare_read(found: Audit, reader: FolderReader, point: dict[str, Any]) -> None:
    """The checkpoint that was read is one of the log's own, which the audit has proved."""
    if point["reconstructed"]:
        return
    kept = reader.read(history_path(int(point["tree_size"]))) or b""
    if str(point["checkpoint"]).encode() != kept:
        evidence = f"{point['checkpoint']}---\n{kept.decode('utf-8', 'replace')}"
        found.report(Sort.WRONG, "other-checkpoint", REVIEW, "it read a checkpoint that this log never had", evidence)


def _compare_inputs(found: Audit, before: Sequence[tuple[int, Record]], statements: dict[str, Any]) -> None:
    latest = _latest(before)
    for id, row in statements.items():
        record = latest.get(f"statement {id}")
        if record is None or record.kind is Kind.WITHDRAWAL:
            found.report(Sort.MISSING, "input-missing", f"statement {id}", "the review used it; it is not in the log")
        elif {k: str(v) for k, v in record.body.items()} != {k: str(v) for k, v in row.items()}:
            evidence = f"log: {record.body}\nreview: {row}"
            found.report(Sort.WRONG, "input-differs", f"statement {id}", "the log has another", evidence)


def _compare_record(
    found: Audit, before: Sequence[tuple[int, Record]], filed: Sequence[Record], data: bytes, point: dict[str, Any]
) -> None:
    """The signed record of the review: of these very bytes, with the checkpoint and inputs that were in the log."""
    record = next((r for r in filed if r.body.get("sha256") == sha256(data)), None)
    if record is None and not filed:
        found.report(Sort.MISSING, "review-unsigned", REVIEW, "no record of the log is about a review")
    elif record is None:
        evidence = f"log: {', '.join(str(r.body.get('sha256')) for r in filed)}\nhere: {sha256(data)}"
        found.report(Sort.WRONG, "review-differs", REVIEW, "the review that was signed is another", evidence)
    elif record.body.get("known_at") != point:
        found.report(Sort.WRONG, "other-checkpoint", REVIEW, "the signed record names another checkpoint")
    else:
        ids = {r.id for _, r in before}
        for id in (i for i in record.body["inputs"] if i not in ids):
            found.report(Sort.MISSING, "input-missing", f"record {id}", "an input of the review is not in the log")


def _latest(records: Iterable[tuple[int, Record]]) -> dict[str, Record]:
    """The last record about each statement and file, by its name, oldest first."""
    latest = dict[str, Record]()
    for _, record in records:
        if record.kind not in (Kind.KEY, Kind.REVIEW) and record.body.keys() & {"file", "id"}:
            latest.pop(name := _name(record), None)
            latest[name] = record
    return latest


def _records(reader: FilesReader, size: int) -> Iterator[tuple[int, Record]]:
    for index, entry in entries_in(reader.read, size):
        data = reader.read(blob_path(entry.sha256))
        if data is not None:
            yield index, Record.parse(data)
