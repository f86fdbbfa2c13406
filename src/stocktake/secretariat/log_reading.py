"""The public files of a log, from a folder or from a web server; and the private key in its file."""

from __future__ import annotations

import http.client
import os
import secrets
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from stocktake.ledger.canonical import base64_of, from_base64
from stocktake.ledger.errors import LogRefused, Malformed, NoAnswer
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
    try:
        found = os.scandir(root / folder)
    except OSError as error:
        raise NoAnswer(f"{root / folder}: {error.strerror}. Nobody can tell what is in it.") from error
    with found:
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


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows a redirect (ten at most) to http or https, never from https to http."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if not newurl.startswith("https://" if req.full_url.startswith("https://") else ("https://", "http://")):
            raise NoAnswer(f"{req.full_url}: it redirects to {newurl[:200]}, which is no safe address.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True)
class WebReader:
    """A log on a static web server. A file that is not there (404, 410) is None; whatever else stands between us and
    the whole file is NoAnswer: another status, too slow, cut off, too large. ``timeout_s`` is for one whole file."""

    url: str
    timeout_s: float = TIMEOUT_S

    def read(self, path: str) -> bytes | None:
        address = f"{self.url.rstrip('/')}/{path}"
        answer = Queue[bytes | Exception | None](1)
        Thread(target=self._ask, args=(address, answer), daemon=True).start()
        try:
            found = answer.get(timeout=self.timeout_s)
        except Empty:
            raise NoAnswer(f"{address}: not whole after {self.timeout_s:g} seconds. Try again later.") from None
        if isinstance(found, Exception):
            raise found
        return found

    def _ask(self, address: str, answer: Queue[bytes | Exception | None]) -> None:
        """In a thread of its own: no server can hold it longer than the reader waits."""
        try:
            answer.put(_fetched(address, self.timeout_s))
        except urllib.error.HTTPError as error:
            said = NoAnswer(f"{address}: the server answers {error.code}. Try again later.")
            answer.put(None if error.code in (404, 410) else said)
        except NoAnswer as error:
            answer.put(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            answer.put(NoAnswer(f"{address}: no answer ({reason}). Check the address and the network."))

    def names(self) -> Iterable[str] | None:
        return None


def _fetched(address: str, timeout_s: float) -> bytes:
    """The bytes at an address. Source of gzip: C2SP tlog-tiles, "Log entries"."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, identity"})
    with urllib.request.build_opener(_NoDowngrade).open(request, timeout=timeout_s) as answer:
        data, length = bytes(answer.read(MAX_FILE + 1)), answer.headers.get("Content-Length", "")
        zipped = answer.headers.get("Content-Encoding", "").lower() == "gzip"
    if len(data) <= MAX_FILE and length.isdecimal() and len(data) != int(length):
        raise NoAnswer(f"{address}: cut off after {len(data):,} of {length} bytes. Try again later.")
    if zipped:
        try:
            data = (unzip := zlib.decompressobj(31)).decompress(data, MAX_FILE + 1)
        except zlib.error as error:
            raise NoAnswer(f"{address}: no gzip, though it says so ({error}).") from None
        if len(data) <= MAX_FILE and not unzip.eof:
            raise NoAnswer(f"{address}: its gzip is cut off. Try again later.")
    if len(data) > MAX_FILE:
        raise NoAnswer(f"{address}: more than {MAX_FILE:,} bytes; no file of a log is so large.")
    return data


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
