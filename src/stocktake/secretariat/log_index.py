"""What a log holds, to be looked up without reading it: which records, by whose hand, and the keys.

A SQLite file under ``.state``. Nothing in it is a source: it says up to which size and root it was made, is brought up
to the log when that grew, and is made again from the entries when it is lost, damaged or of another log. So an append
takes time for its batch and the height of the tree, and memory for its batch and the keys.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, MutableMapping, MutableSet
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from stocktake.ledger.audit import Memory
from stocktake.ledger.errors import LogRefused
from stocktake.ledger.keys import Roster
from stocktake.ledger.merkle import root
from stocktake.ledger.records import RECORD_TYPE, Entry, Kind, Record
from stocktake.ledger.tiles import WIDTH, Read, blob_path, nodes, read_entries
from stocktake.secretariat.log_storage import STATE, LogStore

INDEX = f"{STATE}/index"
_TABLES = """
CREATE TABLE IF NOT EXISTS made (size INTEGER NOT NULL, root BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS filed (
    sha256 BLOB, media_type TEXT, signer BLOB, at INTEGER NOT NULL, PRIMARY KEY (sha256, media_type, signer)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (id BLOB PRIMARY KEY, kind TEXT, speaker TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS content (id BLOB PRIMARY KEY, sha256 BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS key_record (at INTEGER PRIMARY KEY, data BLOB NOT NULL);
"""


class Records(MutableMapping[str, tuple[Kind | None, str]]):
    """Kind and speaker of each record, by its id; kept in the index, not in memory."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __getitem__(self, id: str) -> tuple[Kind | None, str]:
        row = self._base.execute("SELECT kind, speaker FROM record WHERE id = ?", (bytes.fromhex(id),)).fetchone()
        if row is None:
            raise KeyError(id)
        return (None if row[0] is None else Kind(row[0])), row[1]

    def __setitem__(self, id: str, said: tuple[Kind | None, str]) -> None:
        self._base.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (bytes.fromhex(id), *said))

    def __delitem__(self, id: str) -> None:
        self._base.execute("DELETE FROM record WHERE id = ?", (bytes.fromhex(id),))

    def __iter__(self) -> Iterator[str]:
        return (row[0].hex() for row in self._base.execute("SELECT id FROM record"))

    def __len__(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM record").fetchone()[0])


class Contents(MutableSet[str]):
    """SHA-256 digests, as hex; kept in a table, not in memory."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __contains__(self, sha256: object) -> bool:
        try:
            row = bytes.fromhex(str(sha256))
        except ValueError:
            return False
        return row.hex() == sha256 and bool(self._base.execute("SELECT 1 FROM content WHERE id = ?", (row,)).fetchone())

    def __iter__(self) -> Iterator[str]:
        return (row[0].hex() for row in self._base.execute("SELECT id FROM content"))

    def __len__(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM content").fetchone()[0])

    def add(self, sha256: str) -> None:
        row = bytes.fromhex(sha256)
        self._base.execute("INSERT OR IGNORE INTO content VALUES (?, ?)", (row, row))

    def discard(self, sha256: str) -> None:
        self._base.execute("DELETE FROM content WHERE id = ?", (bytes.fromhex(sha256),))


@contextmanager
def audit_memory() -> Iterator[Memory]:
    """The memory of an audit in a temporary file, so that a log of any size is audited in the same space."""
    with closing(sqlite3.connect("")) as base:
        base.executescript(_TABLES)
        yield Memory(Records(base), Contents(base))


class Index:
    """The index of an open log. What is added holds once ``keep`` says up to where it goes."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self.roster = Roster(records=Records(base))

    def bring_up_to(self, store: LogStore) -> None:
        """Read what the log has and the index has not: nothing, after an append that came to its end."""
        made = self._base.execute("SELECT size, root FROM made").fetchone() or (0, b"")
        if not _is_beginning(made[0], made[1], store):
            for table in ("made", "filed", "record", "content", "key_record"):
                self._base.execute(f"DELETE FROM {table}")
            made = (0, b"")
        for at, data in self._base.execute("SELECT at, data FROM key_record ORDER BY at").fetchall():
            self.roster = self.roster.with_key(Record.parse(data), at)
        for at, entry in entries_in(store.read, store.point.size, made[0]):
            content = store.read(blob_path(entry.sha256))
            readable = content is not None and entry.media_type == RECORD_TYPE and entry.holds(content)
            self.add(entry, Record.parse(content) if readable and content is not None else None, at)
        self.keep(store)

    def add(self, entry: Entry, record: Record | None, at: int) -> None:
        self.roster = self.roster.after(entry, record, at)
        row = (bytes.fromhex(entry.sha256), entry.media_type, bytes.fromhex(entry.signer), at)
        self._base.execute("INSERT OR IGNORE INTO filed VALUES (?, ?, ?, ?)", row)
        self._base.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", (bytes.fromhex(entry.id), row[0]))
        if record is not None and record.kind is Kind.KEY:
            self._base.execute("INSERT INTO key_record VALUES (?, ?)", (at, record.data))

    def find(self, entry: Entry) -> int | None:
        """Where the same record by the same hand stands; None where it does not."""
        key = (bytes.fromhex(entry.sha256), entry.media_type, bytes.fromhex(entry.signer))
        query = "SELECT at FROM filed WHERE sha256 = ? AND media_type = ? AND signer = ?"
        row = self._base.execute(query, key).fetchone()
        return None if row is None else int(row[0])

    def content_of(self, id: str) -> str | None:
        """The SHA-256 of the record with that id."""
        row = self._base.execute("SELECT sha256 FROM content WHERE id = ?", (bytes.fromhex(id),)).fetchone()
        return None if row is None else row[0].hex()

    def keep(self, store: LogStore) -> None:
        self._base.execute("DELETE FROM made")
        self._base.execute("INSERT INTO made VALUES (?, ?)", (store.point.size, store.point.root))
        self._base.commit()


def _is_beginning(size: int, made: bytes, store: LogStore) -> bool:
    """Whether the log has this root at this size."""
    if size == 0 or size > store.point.size:
        return size == 0
    return made == root(size, nodes(store.point.size, store.read))


def entries_in(read: Read, size: int, start: int = 0) -> Iterator[tuple[int, Entry]]:
    """The entries from ``start`` on, with their index, a bundle at a time."""
    for n in range(start // WIDTH, -(-size // WIDTH)):
        for at, data in enumerate(read_entries(n, size, read), n * WIDTH):
            if at >= start:
                yield at, Entry.parse(data)


@contextmanager
def indexed(store: LogStore) -> Iterator[Index]:
    """The index of an open log, brought up to it. Raises LogRefused where none can be kept."""
    path = store.disk.root / INDEX
    try:
        base = _opened(path, store)
    except sqlite3.Error:
        _forget(path)  # damaged, or of another form: the entries are the source
        try:
            base = _opened(path, store)
        except sqlite3.Error as error:
            raise LogRefused(f"{path}: {error}. Nothing was appended; the log is as it was.") from error
    with closing(base[0]):
        try:
            yield base[1]
        except sqlite3.Error as error:
            _forget(path)
            raise LogRefused(f"{path}: {error}. Nothing was appended; append again, and it is made anew.") from error


def _opened(path: Path, store: LogStore) -> tuple[sqlite3.Connection, Index]:
    base = sqlite3.connect(path)
    try:
        # A write-ahead log keeps the file whole through a power cut; its last rows may go, and are read again.
        base.executescript(
            f"PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLES}"
        )
        index = Index(base)
        index.bring_up_to(store)
    except BaseException:
        base.close()
        raise
    return base, index


def _forget(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        with suppress(FileNotFoundError):
            path.with_name(name).unlink()
