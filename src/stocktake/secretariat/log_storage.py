"""A log on a disk: appended in batches, durable, by one writer; opened by the same path that every append takes.

A batch is first *staged*: every file that it changes goes into one file under ``.state``, synced and renamed there.
From then on it is committed. Then it is *settled*: the files are written and synced, the checkpoint last, and the
staged file is removed. Opening a log settles whatever is staged, so recovery is what every append does.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stocktake.ledger.errors import ClockWentBackwards, LogRefused, Malformed, NoAnswer
from stocktake.ledger.notes import Checkpoint, Note, Signer, signed_checkpoint
from stocktake.ledger.records import Entry
from stocktake.ledger.tiles import CHECKPOINT, VKEY, Edge, blob_path, grow, history_path, read_edge

STATE = ".state"
_STAGED, _LOCK = f"{STATE}/staged", f"{STATE}/lock"
_MAGIC = b"stocktake.staged/1\n"
_MANY = 32  # files; more are synced with the whole disk at once, which is faster than one by one
Filed = tuple[Entry, bytes]


class Disk:
    """The calls by which a log changes a disk; a test records them and replays each beginning as a power cut."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def mkdir(self, name: str) -> None:
        (self.root / name).mkdir(exist_ok=True)

    def write(self, name: str, data: bytes, *, sync: bool) -> None:
        with (self.root / name).open("wb") as handle:
            handle.write(data)
            handle.flush()
            if sync:
                os.fsync(handle.fileno())

    def rename(self, old: str, new: str) -> None:
        (self.root / old).rename(self.root / new)

    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    def sync_folder(self, name: str) -> None:
        handle = os.open(self.root / name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def sync_all(self) -> None:
        os.sync()


class LogStore:
    """A log that is open for writing. Made by ``create`` or ``opened``, which hold its lock."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self._folders: set[str] = set()
        self._settle()
        self._clear()
        data = self.read(CHECKPOINT)
        if data is None:
            raise LogRefused(f"{disk.root}: there is no log. Make one with: stocktake ledger init {disk.root}")
        self.note = Note.parse(data)
        self.point = Checkpoint.parse(self.note.text)
        self.edge = read_edge(self.point.size, self.read)
        if self.edge.root != self.point.root:
            raise Malformed(
                f"{disk.root}: the tiles do not give the root of the checkpoint. Run: stocktake ledger audit"
            )

    def read(self, name: str) -> bytes | None:
        return read_file(self.disk.root, name)

    def append(self, filed: Sequence[Filed], signer: Signer, now: int | None, remove: Sequence[str] = ()) -> Checkpoint:
        """File a batch; when this returns, all of it is on the disk and in a signed checkpoint.

        ``now`` is in seconds since 1970; None leaves the checkpoint without a date. Raises ClockWentBackwards, with
        nothing changed, where it is before the last checkpoint; LogRefused where the disk refuses.
        """
        if not filed:
            return self.point
        last = self.note.time_by(signer.verifier)
        if now is not None and last is not None and now < last:
            raise ClockWentBackwards(
                f"the clock says {now}, the last checkpoint is dated {last} (seconds since 1970). Nothing was "
                "appended; set the clock and append again."
            )
        edge, files = grow(self.edge, [entry.data for entry, _ in filed])
        point = Checkpoint(self.point.origin, edge.size, edge.root)
        note = signed_checkpoint(point, signer, now)
        files = {blob_path(entry.sha256): record for entry, record in filed} | files
        files[history_path(point.size)] = str(note).encode()
        self._commit(files | {CHECKPOINT: str(note).encode(), VKEY: f"{signer.verifier}\n".encode()}, remove)
        self.edge, self.note, self.point = edge, note, point
        return point

    def cosign(self, note: Note) -> None:
        """Put a checkpoint with more cosignatures in the place of the present one."""
        self._commit({CHECKPOINT: str(note).encode()}, ())
        self.note = note

    def _commit(self, files: dict[str, bytes], remove: Sequence[str]) -> None:
        staged = False
        try:
            self.disk.write(f"{_STAGED}.new", _staged(files, remove), sync=True)
            self.disk.rename(f"{_STAGED}.new", _STAGED)
            staged = True
            self.disk.sync_folder(STATE)
            self._settle()
        except OSError as error:
            if not staged:
                self.disk.remove(f"{_STAGED}.new")
            after = (
                "The batch is staged, and the next append completes it."
                if staged
                else "Nothing was appended; the log is as it was."
            )
            raise LogRefused(f"{self.disk.root}: {error.strerror or error}. {after}") from error

    def _settle(self) -> None:
        """Bring what is staged into place; what is in place already is written again, the same."""
        data = self.read(_STAGED)
        if data is None:
            return
        files, remove = _unstaged(data)
        self._place({name: part for name, part in files.items() if name != CHECKPOINT})
        self._place({CHECKPOINT: files[CHECKPOINT]})
        for name in remove:
            self.disk.remove(name)
        self.disk.remove(_STAGED)
        self.disk.sync_folder(STATE)

    def _place(self, files: dict[str, bytes]) -> None:
        many = len(files) > _MANY
        folders = {parent for name in files for parent in self._make_folders(name)}
        for n, data in enumerate(files.values()):
            self.disk.write(f"{STATE}/{n}.tmp", data, sync=not many)
        if many:
            self.disk.sync_all()
        for n, name in enumerate(files):
            self.disk.rename(f"{STATE}/{n}.tmp", name)
        for folder in sorted(folders | {"."}):
            self.disk.sync_folder(folder)

    def _make_folders(self, name: str) -> list[str]:
        """Make the folders of a file; return all of them, since each holds a name that may be new."""
        parts = name.split("/")[:-1]
        folders = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        for folder in folders:
            if folder not in self._folders:
                self.disk.mkdir(folder)
                self._folders.add(folder)
        return folders

    def _clear(self) -> None:
        """Remove what an unfinished write has left."""
        for path in (self.disk.root / STATE).glob("*.tmp"):
            path.unlink()
        (self.disk.root / f"{_STAGED}.new").unlink(missing_ok=True)


def _staged(files: dict[str, bytes], remove: Sequence[str]) -> bytes:
    parts = [b"%d\n" % len(remove), *(f"{name}\n".encode() for name in remove)]
    parts += [b"%s\n%d\n%b" % (name.encode(), len(data), data) for name, data in files.items()]
    body = b"".join(parts)
    return _MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _unstaged(data: bytes) -> tuple[dict[str, bytes], list[str]]:
    digest, _, body = data.removeprefix(_MAGIC).partition(b"\n")
    if not data.startswith(_MAGIC) or hashlib.sha256(body).hexdigest().encode() != digest:
        raise Malformed(f"{_STAGED}: the staged batch is damaged; it was never acknowledged. Move the file away.")
    count, _, rest = body.partition(b"\n")
    remove = list[str]()
    for _ in range(int(count)):
        name, _, rest = rest.partition(b"\n")
        remove.append(name.decode())
    files, at, offset = dict[str, bytes](), memoryview(rest), 0
    while offset < len(rest):
        end = rest.index(b"\n", offset)
        name, offset = rest[offset:end], end + 1
        end = rest.index(b"\n", offset)
        size, offset = int(rest[offset:end]), end + 1
        files[name.decode()] = bytes(at[offset : offset + size])
        offset += size
    return files, remove


def read_file(root: Path, name: str) -> bytes | None:
    """The bytes of a plain file of a log; None where there is none. Raises NoAnswer where it cannot be read."""
    path = root / name
    try:
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise NoAnswer(f"{path}: {error.strerror or error}. Nobody can tell what is in it.") from error


@contextmanager
def opened(root: Path, disk: Callable[[Path], Disk] = Disk) -> Iterator[LogStore]:
    """A log, open for writing and locked against a second writer; what was staged is settled.

    Raises LogRefused where there is no log, no right to write, or another writer.
    """
    with _locked(root):
        try:
            store = LogStore(disk(root))
        except OSError as error:
            after = "Nothing that was acknowledged is lost; the next append completes what is staged."
            raise LogRefused(f"{root}: {error.strerror or error}. {after}") from error
        yield store


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    if not (root / STATE).is_dir():
        raise LogRefused(f"{root}: there is no log to append to. Make one with: stocktake ledger init {root}")
    try:
        handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LogRefused(f"{root}: {error.strerror}. Appending needs the right to write there.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise LogRefused(f"{root}: another process is appending to this log. Wait until it is done.") from None
    finally:
        os.close(handle)


def create(root: Path, signer: Signer, genesis: Filed, now: int | None, disk: Callable[[Path], Disk] = Disk) -> None:
    """Make a log whose first record is ``genesis``: the key of its operator. Raises LogRefused where something is."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        if any(root.iterdir()) and not ((root / STATE).is_dir() and not (root / CHECKPOINT).exists()):
            raise LogRefused(f"{root} is not empty. Choose an empty or new folder for a log.")
        (root / STATE).mkdir(exist_ok=True)
    except OSError as error:
        raise LogRefused(f"{root}: {error.strerror}. Choose a folder that you may write to.") from error
    files = new_log(signer, [(now, [genesis])])
    with _locked(root):
        target = disk(root)
        try:
            target.write(f"{_STAGED}.new", _staged(files, ()), sync=True)
            target.rename(f"{_STAGED}.new", _STAGED)
            target.sync_folder(STATE)
            LogStore(target)
        except OSError as error:
            raise LogRefused(f"{root}: {error.strerror or error}. The log was not made.") from error


def new_log(signer: Signer, batches: Sequence[tuple[int | None, Sequence[Filed]]]) -> dict[str, bytes]:
    """Every public file of a log of these batches, each with its date: the same bytes for the same batches."""
    edge, files = Edge(), dict[str, bytes]()
    for now, filed in batches:
        edge, added = grow(edge, [entry.data for entry, _ in filed])
        note = signed_checkpoint(Checkpoint(signer.name, edge.size, edge.root), signer, now)
        files |= added | {blob_path(entry.sha256): record for entry, record in filed}
        files |= {history_path(edge.size): str(note).encode(), CHECKPOINT: str(note).encode()}
    return files | {VKEY: f"{signer.verifier}\n".encode()}
