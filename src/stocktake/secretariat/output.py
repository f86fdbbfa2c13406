"""Putting a review in place: whole or not at all, and never over anything that is not a review.

A review carries a manifest of its files. A directory is replaced only if every file in it stands in its manifest: the
files of others are not ours to remove. The swap is one system call where there is one (Linux, macOS), so that a reader
finds the old review or the new one at any moment; elsewhere two renames, the first undone if the second fails.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from stocktake.terms.problems import StocktakeError

MANIFEST = "manifest.txt"
LEFTOVER_AGE_S = 24 * 3600
AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fs.h
RENAME_SWAP = 2  # macOS sys/stdio.h


class OutputRefused(StocktakeError):
    """A place where a review must not or cannot be written."""

    code = "output-refused"


@contextmanager
def whole_directory(out: Path) -> Iterator[Path]:
    """A new directory that takes the place of ``out`` when the block ends well; otherwise ``out`` stays as it was.

    Raises OutputRefused where ``out`` holds files that are not of a review, or where no directory can be.
    """
    place, fresh = _prepared(out)
    try:
        yield fresh
        _write_manifest(fresh)
        fresh.chmod(0o755)
        with _said_as_refusal(out), _one_at_a_time(place.parent):
            _refuse_foreign(place)
            _swap_in(fresh, place)
            _sync(place.parent)
            _clear_leftovers(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _prepared(out: Path) -> tuple[Path, Path]:
    """The place without links, and a new directory beside it."""
    with _said_as_refusal(out):
        place = out.resolve()
        if not place.name:
            raise OutputRefused(
                f"{out} is no place for a review: it is the root of the file system. Choose another --out."
            )
        _refuse_foreign(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place, Path(mkdtemp(prefix=f".{place.name[:100]}.", suffix=".new", dir=place.parent))


@contextmanager
def _said_as_refusal(out: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputRefused(f"{out}: no review can be written there ({reason}). Choose another --out.") from error


def _write_manifest(folder: Path) -> None:
    names = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    (folder / MANIFEST).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _refuse_foreign(place: Path) -> None:
    if not place.exists():
        return
    if not place.is_dir():
        raise OutputRefused(f"{place} is a file, not a directory. Choose another --out.")
    foreign = _first_foreign(place)
    if foreign is not None:
        raise OutputRefused(
            f"{place} holds {foreign}, which is no part of a review made here, and a review replaces the whole "
            "directory. "
            "Choose an empty or new --out."
        )


def _first_foreign(place: Path) -> str | None:
    try:
        ours = set((place / MANIFEST).read_text(encoding="utf-8").splitlines()) | {MANIFEST}
    except (OSError, UnicodeDecodeError):
        ours = set()
    found = (str(p.relative_to(place)) for p in sorted(place.rglob("*")) if p.is_symlink() or not p.is_dir())
    return next((name for name in found if name not in ours), None)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other run is swapping a review in this folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _swap_in(fresh: Path, place: Path) -> None:
    if not place.exists():
        fresh.rename(place)
    elif not _exchange(fresh, place):
        aside = Path(mkdtemp(prefix=f".{place.name[:100]}.", suffix=".old", dir=place.parent))
        place.rename(aside)
        try:
            fresh.rename(place)
        except BaseException:
            aside.rename(place)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two directories in one step; False where the system has no such call."""
    library = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return bool(library.renamex_np(a, b, RENAME_SWAP) == 0)
        return bool(library.renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0)
    except AttributeError:
        return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_leftovers(place: Path) -> None:
    """Remove what killed runs left half-written, once it is too old to belong to a run that is still going."""
    for path in place.parent.glob(f".{place.name[:100]}.*.new"):
        if time.time() - path.stat().st_mtime > LEFTOVER_AGE_S:
            shutil.rmtree(path, ignore_errors=True)
