"""The public files of a log, from a folder or from a web server; and the private key in its file."""

from __future__ import annotations

import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stocktake.ledger.canonical import base64_of, from_base64
from stocktake.ledger.errors import LogRefused, Malformed
from stocktake.ledger.notes import ED25519, Signer, key_name
from stocktake.secretariat.log_storage import STATE, read_file

MAX_FILE = 20_000_000
TIMEOUT_S = 30


@dataclass(frozen=True)
class FolderReader:
    """A log in a folder; its private state under ``.state`` is no public file."""

    root: Path

    def read(self, path: str) -> bytes | None:
        return read_file(self.root, path)

    def names(self) -> Iterable[str] | None:
        return _files_in(self.root, "")


def _files_in(root: Path, folder: str) -> Iterator[str]:
    """Every file below, one at a time; a link is a file, and followed nowhere."""
    with os.scandir(root / folder) as found:
        for part in found:
            name = f"{folder}{part.name}"
            if part.is_dir(follow_symlinks=False):
                if name != STATE:
                    yield from _files_in(root, f"{name}/")
            else:
                yield name


@dataclass(frozen=True)
class FilesReader:
    """A log that lies in memory."""

    files: dict[str, bytes]

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def names(self) -> Iterable[str] | None:
        return list(self.files)


@dataclass(frozen=True)
class WebReader:
    """A log on a static web server; a file that is not there is None, a server that fails is an error."""

    url: str

    def read(self, path: str) -> bytes | None:
        request = urllib.request.Request(f"{self.url.rstrip('/')}/{path}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                data = bytes(answer.read(MAX_FILE + 1))
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            raise LogRefused(f"{request.full_url}: the server answers {error.code}. Try again later.") from error
        except (urllib.error.URLError, TimeoutError) as error:
            raise LogRefused(f"{request.full_url}: no answer ({error}). Check the address and the network.") from error
        if len(data) > MAX_FILE:
            raise LogRefused(f"{request.full_url}: more than {MAX_FILE:,} bytes; no file of a log is so large.")
        return data

    def names(self) -> Iterable[str] | None:
        return None


def reader_of(place: str) -> FolderReader | WebReader:
    """A reader of the log in a folder or at an http(s) address."""
    if place.startswith(("https://", "http://")):
        return WebReader(place)
    folder = Path(place)
    if not folder.is_dir():
        raise LogRefused(f"{place}: there is no such folder. Give the folder or the address of a log.")
    inside = folder / "log"
    return FolderReader(inside if (inside / "checkpoint").is_file() else folder)


def new_key(path: Path, name: str) -> Signer:
    """A new key from the system's randomness, in a file that only its owner may read. Raises LogRefused over a file.

    The form is that of Go's ``note`` package: ``PRIVATE+KEY+name+hash+base64``.
    """
    signer = Signer(key_name(name), secrets.token_bytes(32))
    line = f"PRIVATE+KEY+{name}+{signer.verifier.key_hash().hex()}+{base64_of(bytes([ED25519]) + signer.seed)}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise LogRefused(f"{path}: {error.strerror}. A key is never written over a file; choose another.") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return signer


def read_key(path: Path) -> Signer:
    """The private key of a file."""
    try:
        text = path.read_bytes()[:2000].decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LogRefused(
            f"{path}: no key can be read ({error}). Make one: stocktake ledger keygen FILE --name NAME"
        ) from None
    parts = text.split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise Malformed(f"{path}: no private key; the form is PRIVATE+KEY+name+hash+base64")
    data = from_base64(parts[4], str(path))
    signer = Signer(key_name(parts[2]), data[1:])
    if len(data) != 33 or data[0] != ED25519 or signer.verifier.key_hash().hex() != parts[3]:
        raise Malformed(f"{path}: the key does not fit its name and hash")
    return signer
