"""Pages that are pictures, read by tesseract where it is installed: a process of its own, with a limit of time."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium

from stocktake.texts.formats import SourceText
from stocktake.texts.model import Notice

DOTS_PER_INCH = 300
MAX_PIXELS = 40_000_000
MAX_SCANS = 200
SECONDS_A_PAGE = 60
_PROGRAM = "tesseract"
# tesseract's word for a picture of a script, not of a language
_NO_LANGUAGE = frozenset(("osd", "equ", "snum"))

Reading = tuple[str, tuple[float | None, ...]]
"""The text of a page, and the confidence in [0, 1] of each of its lines; None for an empty line."""


def with_read_pictures(found: SourceText, data: bytes, name: str) -> SourceText:
    """The text of a PDF with its scans read, each line with its confidence; unchanged without tesseract.

    A page that gives nothing, takes longer than a minute, or holds a picture too large stays among ``scans``.
    """
    languages = ocr_languages()
    if not languages:
        return found
    pages = list(found.pages)
    trust: list[tuple[float | None, ...]] = [(None,) * (page.count("\n") + 1) for page in pages]
    left: list[int] = []
    with pypdfium2.PdfDocument(data) as document:
        for number in found.scans:
            picture = _picture(document, number) if number <= found.scans[0] + MAX_SCANS else None
            reading = _read(picture, languages) if picture else None
            if reading is None:
                left.append(number)
            else:
                pages[number - 1], trust[number - 1] = reading
    read = [number for number in found.scans if number not in left]
    if not read:
        return found
    notices = [notice for notice in found.notices if left or notice.code != "no-text-layer"]
    return replace(
        found,
        pages=tuple(pages),
        scans=tuple(left),
        confidence=tuple(trust),
        notices=(*notices, _notice(read, languages, name)),
    )


def ocr_languages() -> tuple[str, ...]:
    """The languages that tesseract has here, in its own words; none where it is not installed."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return ()
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=SECONDS_A_PAGE, check=False
    )
    return tuple(w for w in listed.stdout.splitlines()[1:] if w.strip() and w not in _NO_LANGUAGE and "/" not in w)


def _picture(document: pypdfium2.PdfDocument, number: int) -> bytes | None:
    """A page as a grey PGM; None where a picture on it, or the page itself, is larger than is drawn."""
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    images = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    if any(w * h > MAX_PIXELS for w, h in (image.get_px_size() for image in images)):
        return None
    bitmap = page.render(scale=scale, grayscale=True)
    rows = bytes(bitmap.buffer)
    lines = (rows[i * bitmap.stride : i * bitmap.stride + bitmap.width] for i in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)


def _read(picture: bytes, languages: tuple[str, ...]) -> Reading | None:
    command = [_PROGRAM, "stdin", "stdout", "-l", "+".join(languages), "tsv"]
    try:
        done = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=SECONDS_A_PAGE,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return None
    reading = reading_of(done.stdout.decode("utf-8", "replace"))
    return reading if done.returncode == 0 and reading[0].strip() else None


def reading_of(table: str) -> Reading:
    """The lines of a table of tesseract, paragraphs parted by an empty line; a line is as sure as its mean word."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    lines: dict[tuple[str, str, str], list[tuple[str, float]]] = {}
    for row in rows:
        if row["level"] == "5" and (row["text"] or "").strip():
            place = (row["block_num"], row["par_num"], row["line_num"])
            lines.setdefault(place, []).append((row["text"], float(row["conf"]) / 100))
    texts: list[str] = []
    trust: list[float | None] = []
    before: tuple[str, str] | None = None
    for place, words in lines.items():
        if before is not None and place[:2] != before:
            texts.append("")
            trust.append(None)
        texts.append(" ".join(word for word, _ in words))
        trust.append(sum(sure for _, sure in words) / len(words))
        before = place[:2]
    return "\n".join(texts), tuple(trust) or (None,)


def _notice(read: list[int], languages: tuple[str, ...], name: str) -> Notice:
    pages = ", ".join(map(str, read[:20])) + (" ..." if len(read) > 20 else "")
    return Notice(
        "read-from-picture",
        f"{name}: page {pages} is a picture, read by tesseract ({'+'.join(languages)}); words and numbers may be "
        "wrong. Compare the picture before you quote.",
        (),
    )
