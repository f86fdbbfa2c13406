"""Reading many documents: in several processes, each file apart, so that no file can stop the others.

A process that dies or takes too long costs its one file and is replaced. With a folder for the results, a line of a
manifest is added for each file as soon as its results are in place; a later run passes over what it finds there, made
from the same bytes by the same reader.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing as mp
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from stocktake import __version__
from stocktake.secretariat.documents import load_language, open_documents
from stocktake.secretariat.output import OutputRefused
from stocktake.terms.problems import StocktakeError
from stocktake.texts.errors import UnreadableDocument
from stocktake.texts.markdown import to_markdown
from stocktake.texts.model import Document, to_json

SUFFIXES = frozenset({".txt", ".md", ".pdf", ".docx", ".html", ".htm", ".xhtml", ".xml", ".tsv"})
MANIFEST = "manifest.jsonl"
AGAIN = frozenset({"reader-died", "took-too-long", "out-of-memory", "not-accessible"})
"""Failures of the machine rather than of the file: a later run tries these again."""
SECONDS, SECONDS_A_MB = 20.0, 20.0  # ours: a process that starts on a busy machine, and twenty times what is aimed at
MEMORY = 4_000_000_000  # ours: address space of one reading process, in bytes; Linux only
_SENTENCE = re.compile(r"(?<=[.)])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Wanted:
    """Which renderings of a document are asked for.

    ``links``: its JSON with the commitments that paragraphs touch; ``strength``: with the strength of their verbs.
    """

    json: bool = True
    markdown: bool = False
    links: bool = False
    strength: bool = False


@dataclass(frozen=True)
class Read:
    """One document in brief, with the renderings that were asked for."""

    symbol: str | None
    title: str | None
    language: str
    preambular: int
    operative: int
    footnotes: int
    warnings: tuple[str, ...]
    renderings: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Failure:
    """Why a file was not read: a stable code, the reason, and what to do."""

    code: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Outcome:
    """What came of one file. ``kept``: nothing was read, the results of an earlier run stand."""

    file: str
    sha256: str | None
    documents: tuple[Read, ...] = ()
    failure: Failure | None = None
    kept: bool = False


def documents_of(path: Path) -> tuple[Document, ...]:
    """The documents in a file: the only door that this room uses."""
    return open_documents(path)


def json_of(document: Document, links: bool, strength: bool) -> dict[str, Any]:
    """The document as plain values, with links and strength where they are asked for: these need the catalogue."""
    if not (links or strength):
        return to_json(document)
    from stocktake.secretariat.meaning import described_json

    return described_json(document, links=links, strength=strength)


def markdown_of(document: Document) -> str:
    return to_markdown(document, load_language(document.language))


def expand(arguments: Iterable[str]) -> tuple[Path, ...]:
    """Files, folders (every file in them of a kind that holds documents) and patterns as files, each once, in order.

    Hidden files and links to folders are passed over. Raises UnreadableDocument for a folder or a pattern without any.
    """
    found: dict[Path, None] = {}
    for argument in arguments:
        path = Path(argument)
        some = [path]
        if path.is_dir():
            some = sorted(_files_below(path))
            expected = ", ".join(sorted(SUFFIXES))
            nothing = f"{path.resolve().name}: no document in the folder {path}; expected files in {expected}."
        elif not path.exists() and re.search(r"[*?\[]", argument):
            some = sorted(p for p in _fitting(path) if p.is_file())
            nothing = f"{argument}: no file fits this pattern."
        if not some:
            raise UnreadableDocument(f"{nothing} Name the files themselves, whatever they are called.")
        found.update(dict.fromkeys(some))
    return tuple(found)


def _fitting(pattern: Path) -> Iterator[Path]:
    """What fits a pattern that no shell has opened."""
    parts = pattern.parts
    first = next((i for i, part in enumerate(parts) if re.search(r"[*?\[]", part)), len(parts))
    return Path(*parts[:first]).glob(str(Path(*parts[first:])))


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() in SUFFIXES and path.is_file():
                yield path


def read_many(
    paths: Sequence[Path], wanted: Wanted, *, jobs: int, seconds: float = SECONDS, memory: int = MEMORY
) -> Iterator[Outcome]:
    """The outcome of each file, as it comes; ``seconds`` is the least time that a file is given, besides its size.

    Closing the iterator, as an interrupt does, ends the processes at once.
    """
    waiting = deque(paths)
    workers = [_Worker(wanted, memory) for _ in range(max(1, min(jobs, len(paths))))]
    try:
        while waiting or any(w.path for w in workers):
            for worker in workers:
                if worker.path is None and waiting:
                    worker.give(waiting.popleft(), seconds)
            busy = [w for w in workers if w.path is not None]
            wait([w.pipe for w in busy], max(0.0, min(w.until for w in busy) - time.monotonic()))
            for worker in busy:
                outcome = worker.taken()
                if outcome is not None:
                    yield outcome
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """One process that reads one file at a time; it is replaced when it dies or has to be ended."""

    def __init__(self, wanted: Wanted, memory: int) -> None:
        self._wanted, self._memory = wanted, memory
        self.path: Path | None = None
        self.until = 0.0
        self._given = 0.0
        self._start()

    def _start(self) -> None:
        context = mp.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, self._wanted, self._memory), daemon=True
        )
        self._process.start()
        theirs.close()

    def give(self, path: Path, seconds: float) -> None:
        with suppress(OSError):
            seconds += SECONDS_A_MB * path.stat().st_size / 1_000_000
        self.path, self._given, self.until = path, seconds, time.monotonic() + seconds
        with suppress(OSError):  # a process that is dead already is found so when its outcome is taken
            self.pipe.send(path)

    def taken(self) -> Outcome | None:
        """The outcome of the file in hand; None while it is being read and has time left."""
        assert self.path is not None
        path = self.path
        try:
            if self.pipe.poll():
                outcome = self.pipe.recv()
                assert isinstance(outcome, Outcome)
                if outcome.failure and outcome.failure.code == "out-of-memory":  # what it holds may not come back
                    return self._replaced(outcome)
                self.path = None
                return outcome
        except (EOFError, OSError):
            self._process.join(5)
            failure = _died(path, self._process.exitcode)
            return self._replaced(Outcome(str(path), _digest(path), failure=failure))
        if time.monotonic() < self.until:
            return None
        reason = f"{path.name}: not read after {self._given:.0f} seconds, and ended."
        failure = Failure("took-too-long", reason, "Read it alone; if it lasts again, report it.")
        return self._replaced(Outcome(str(path), _digest(path), failure=failure))

    def _replaced(self, outcome: Outcome) -> Outcome:
        """The outcome, with another process in the place of this one."""
        self.end()
        self._start()
        self.path = None
        return outcome

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _died(path: Path, code: int | None) -> Failure:
    how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
    reason = f"{path.name}: the process that read it ended ({how})."
    return Failure("reader-died", reason, "Read it alone; if that fails too, report it with the file.")


def _serve(pipe: Connection, wanted: Wanted, memory: int) -> None:
    """In the other process: an outcome for each path, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone answers an interrupt
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, BrokenPipeError):
        while True:
            pipe.send(outcome_of(pipe.recv(), wanted))


def outcome_of(path: Path, wanted: Wanted) -> Outcome:
    """Read one file here and now; a refusal is its failure."""
    digest = _digest(path)  # first: where memory is out, there is none left for this
    try:
        documents = documents_of(path)
        return Outcome(str(path), documents[0].source.sha256, tuple(brief(d, wanted) for d in documents))
    except StocktakeError as error:
        return Outcome(str(path), digest, failure=failure_of(error))
    except OSError as error:
        reason = f"{path.name}: {error.strerror or error}."
        return Outcome(str(path), None, failure=Failure("not-accessible", reason, "Make the file readable."))
    except (MemoryError, RecursionError) as error:
        reason = f"{path.name}: reading it takes more memory than one document may ({type(error).__name__})."
        return Outcome(str(path), digest, failure=Failure("out-of-memory", reason, "Give one resolution a file."))


def brief(document: Document, wanted: Wanted) -> Read:
    """The document in brief, with its renderings as text."""
    renderings = {}
    if wanted.json:
        renderings["json"] = json.dumps(json_of(document, wanted.links, wanted.strength), ensure_ascii=False)
    if wanted.markdown:
        renderings["md"] = markdown_of(document)
    return Read(
        document.header.symbol,
        document.header.title,
        document.language,
        len(document.preambular),
        len(document.operative),
        len(document.footnotes),
        tuple(dict.fromkeys(w.code for w in document.warnings)),
        renderings,
    )


def failure_of(error: StocktakeError) -> Failure:
    """A refusal in its parts: the last sentence of the message says what to do."""
    *facts, remedy = _SENTENCE.split(str(error).strip())
    return Failure(error.code, " ".join(facts) or remedy, remedy if facts else "")


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() if path.is_file() else None
    except OSError:
        return None


@cache
def reader_version() -> str:
    """What a reading depends on besides the file: the version, and a digest of the reader's code and languages."""
    root, digest = resources.files("stocktake"), hashlib.sha256()
    parts = (root / "texts", root / "catalogue" / "languages", root / "secretariat" / "documents.py")
    for part in parts:
        for file in sorted(_below(part), key=lambda f: f.name):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:16]}"


def _below(part: Traversable) -> Iterator[Traversable]:
    if part.is_file():
        yield part
    elif part.name != "__pycache__":
        for inner in part.iterdir():
            yield from _below(inner)


class Results:
    """A folder of results: a file a document and rendering, and the manifest that says what each came from."""

    def __init__(self, folder: Path, manifest: IO[str], known: dict[tuple[str, str], Outcome]) -> None:
        self.folder, self._manifest, self._known = folder, manifest, known

    def kept(self, path: Path, wanted: Wanted) -> Outcome | None:
        """What an earlier run made of the same bytes under the same name, if it stands whole and would not change."""
        sha256 = _digest(path)
        known = self._known.get((path.name, sha256)) if sha256 else None
        if known is None or (known.failure and known.failure.code in AGAIN):
            return None
        names = [n for i, _ in enumerate(known.documents) for n in _names(path.name, known.sha256, i, wanted)]
        if not all((self.folder / name).is_file() for name in names):
            return None
        return Outcome(str(path), sha256, known.documents, known.failure, kept=True)

    def keep(self, outcome: Outcome) -> None:
        """Put the renderings in place, each whole or not at all; then add the line of the manifest."""
        name = Path(outcome.file).name
        for i, document in enumerate(outcome.documents):
            for kind, text in document.renderings.items():
                _write_whole(self.folder / _name(name, outcome.sha256, i, kind), text)
        row = asdict(outcome) | {"reader": reader_version()}
        del row["kept"]
        for d in row["documents"]:
            del d["renderings"]
        self._manifest.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._manifest.flush()


@contextmanager
def results_in(folder: Path) -> Iterator[Results]:
    """The results in a folder, made where it is not there; refused while another run writes to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / MANIFEST).open("a+", encoding="utf-8") as manifest:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
            manifest.seek(0)
            text = manifest.read()
            if text and not text.endswith("\n"):  # a run was killed in the middle of this line
                manifest.write("\n")
            yield Results(folder, manifest, dict(_known(text)))
    except BlockingIOError:
        raise OutputRefused(f"{folder}: another run writes there. Wait for it, or choose another --out.") from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise OutputRefused(f"{error.filename}: {error.strerror}. Choose another --out.") from None


def _known(manifest: str) -> Iterator[tuple[tuple[str, str], Outcome]]:
    """The rows that this reader made, later ones last; a line that was cut is passed over, and its file read again."""
    for line in manifest.splitlines():
        with suppress(ValueError, KeyError, TypeError):
            row = json.loads(line)
            if row["reader"] == reader_version() and row["sha256"]:
                documents = tuple(Read(**{**d, "warnings": tuple(d["warnings"])}) for d in row["documents"])
                failure = Failure(**row["failure"]) if row["failure"] else None
                yield (Path(row["file"]).name, row["sha256"]), Outcome(row["file"], row["sha256"], documents, failure)


def _names(name: str, sha256: str | None, i: int, wanted: Wanted) -> list[str]:
    return [_name(name, sha256, i, kind) for kind, asked in (("json", wanted.json), ("md", wanted.markdown)) if asked]


def _name(name: str, sha256: str | None, i: int, kind: str) -> str:
    """Of the first twelve hex digits of the source and its name; further documents of one file are counted."""
    short = name.encode()[:150].decode(errors="ignore")
    return f"{(sha256 or '')[:12]}.{short}{f'.{i + 1}' if i else ''}.{kind}"


def _write_whole(path: Path, text: str) -> None:
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", suffix=".new", delete=False) as new:
        try:
            new.write(text if text.endswith("\n") else f"{text}\n")
            new.flush()
            os.fsync(new.fileno())
            Path(new.name).replace(path)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
