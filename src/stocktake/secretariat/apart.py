"""Reading a PDF in a process of its own: what it does to the reader, it does not do to us.

A few hundred bytes of forms that draw themselves make PDFium fill memory without end. So a PDF that is read alone has a
bound of memory and of time, as the files of a folder have; other formats are bounded by their readers.
"""

from __future__ import annotations

import multiprocessing as mp
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from stocktake.secretariat.documents import open_documents
from stocktake.secretariat.reading import MEMORY, SECONDS, SECONDS_A_MB
from stocktake.terms.problems import StocktakeError
from stocktake.texts.errors import HostileDocument
from stocktake.texts.model import Document

_HEAD = 1024  # bytes in which a PDF says that it is one


def documents_apart(path: Path) -> tuple[Document, ...]:
    """The documents in a file, read in another process where it is a PDF. Raises what reading raises, and

    HostileDocument for one that takes more memory or time than any document of its size needs.
    """
    if not _is_pdf(path):
        return open_documents(path)
    seconds = SECONDS + SECONDS_A_MB * path.stat().st_size / 1_000_000
    pipe, theirs = mp.Pipe(duplex=False)
    start = mp.get_context("fork") if sys.platform == "linux" else mp.get_context("spawn")
    process = start.Process(target=_read, args=(theirs, path), daemon=True)
    process.start()
    theirs.close()
    try:
        found = pipe.recv() if pipe.poll(seconds) else None
    except EOFError:
        raise HostileDocument(
            f"{path.name}: the reader ended without an answer, as it does when memory runs out. "
            "Print it to a new PDF, or give its text."
        ) from None
    finally:
        process.kill()
        process.join()
    if found is None:
        raise HostileDocument(
            f"{path.name}: not read after {seconds:.0f} seconds, and given up. Print it to a new PDF, or give its text."
        )
    if isinstance(found, StocktakeError):
        raise found
    documents: tuple[Document, ...] = found
    return documents


def _is_pdf(path: Path) -> bool:
    if not path.is_file():  # a pipe is never opened: it would wait for ever
        return False
    with suppress(OSError), path.open("rb") as handle:
        return b"%PDF" in handle.read(_HEAD)
    return False


def _read(pipe: Connection, path: Path) -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        pipe.send(open_documents(path))
    except StocktakeError as error:
        pipe.send(error)
    except MemoryError:
        pipe.send(HostileDocument(f"{path.name}: more memory than {MEMORY / 1e9:.0f} GB is needed. Give its text."))
