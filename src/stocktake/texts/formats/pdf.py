"""The text layer of a PDF, page by page, as PDFium gives it, with footnote marks raised.

Not handled: columns in another order than the one PDFium reads them in, text that was drawn as outlines, text that is
rotated. A hyphen at the end of a line, which PDFium marks and joins, is a hyphen here.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from stocktake.texts.errors import DamagedDocument, EncryptedDocument, HostileDocument, OversizedDocument
from stocktake.texts.formats.glyphs import RAISED_BY, SMALLER, base, font_size
from stocktake.texts.formats.righttoleft import has_right_to_left, right_to_left_page
from stocktake.texts.formats.source import RAISED, SourceText
from stocktake.texts.model import Notice

MAX_PAGES = 2_000
MAX_PAGE_CHARACTERS = 200_000
MAX_INFLATED, MAX_INFLATED_TOTAL = 64_000_000, 1_000_000_000
_MOST_HELD = 3  # times the bytes of the file that its streams may hold, some within others
_ONE_FOR_ONE = (("\ufffe", "-"), ("\x02", "-"), ("\f", " "), ("\v", " "), ("\x00", " "))
# a number that could be a mark: no part of a greater number, a date or a symbol
_COULD_BE_MARK = re.compile(r"(?<![\d/.])\d{1,3}(?![\d/]|[-–.]\d)")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")
_STREAM = re.compile(rb"stream\r?\n")
_ZLIB = (b"x\x01", b"x^", b"x\x9c", b"x\xda")
_BLANK, _FEW_LETTERS, _SAMPLE = 20, 0.4, 1_200
_WORD = re.compile(r"[^\W\d_]{2,}")
_WRONG = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x1f\x7f-\x9f]")


def pdf_text(data: bytes, name: str) -> SourceText:
    """The pages of a PDF. A page without usable text that has a picture is listed in ``scans``.

    Raises EncryptedDocument, DamagedDocument, OversizedDocument, HostileDocument.
    """
    _refuse_bomb(data, name)
    document = _opened(data, name)
    try:
        count = len(document)
        if count == 0:
            raise DamagedDocument(f"{name}: a PDF without a page; its end is missing. Fetch the file again, whole.")
        if count > MAX_PAGES:
            raise OversizedDocument(
                f"{name}: {count:,} pages; at most {MAX_PAGES:,} are read at once. Give one document a file."
            )
        found = [_page(document, i, name) for i in range(count)]
    finally:
        document.close()
    scans = tuple(i + 1 for i, (_, scan) in enumerate(found) if scan)
    return SourceText(
        tuple(text for text, _ in found), "application/pdf", paged=True, notices=_scan_notice(scans, name), scans=scans
    )


def without_usable_text(text: str) -> bool:
    """True for a page with next to no text, or with signs instead of words, as a bad reading of a picture has."""
    bare = "".join(text[:_SAMPLE].split())
    if len(bare) < _BLANK:
        return True
    wrong = len(_WRONG.findall(bare))
    words = sum(len(word) for word in _WORD.findall(text[:_SAMPLE]) if _is_sound(word))
    numbers = sum(map(str.isdigit, bare))
    return wrong > 0.1 * len(bare) or words < _FEW_LETTERS * (len(bare) - numbers)


def _is_sound(word: str) -> bool:
    """A word whose capitals stand where a person puts them; words of a garbled layer look like ``rHe`` and ``xQz``."""
    return word.islower() or word.isupper() or word[1:].islower() or word.upper() == word.lower()


def _opened(data: bytes, name: str) -> pypdfium2.PdfDocument:
    end = data.rfind(b"%%EOF")
    if end < 0 or len(data[end + 5 :].strip(b"\x00\r\n\t ")) > 2048:
        raise DamagedDocument(f"{name}: the end of this PDF is missing ({len(data):,} bytes). Fetch the file again.")
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise EncryptedDocument(
                f"{name}: this PDF is locked with a password. Save a copy without one and give that."
            ) from None
        raise DamagedDocument(f"{name}: this PDF cannot be opened ({error}). Fetch the file again.") from None


def _page(document: pypdfium2.PdfDocument, index: int, name: str) -> tuple[str, bool]:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        raise DamagedDocument(
            f"{name}: page {index + 1} of {len(document)} cannot be read. Fetch the file again, whole."
        ) from None
    try:
        layer = page.get_textpage()
        count = layer.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            raise OversizedDocument(
                f"{name}: page {index + 1} holds {count:,} characters; at most {MAX_PAGE_CHARACTERS:,} are read."
            )
        text = layer.get_text_range()
        for sign, ours in _ONE_FOR_ONE:
            text = text.replace(sign, ours)
        raised = right_to_left_page(layer.raw, count) if has_right_to_left(text) else _raise_marks(text, layer.raw)
        return raised, without_usable_text(raised) and _has_picture(page)
    finally:
        page.close()


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    kinds = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
    return any(pdfium.FPDFPageObj_GetType(o.raw) in kinds for o in page.get_objects(max_depth=1))


def _raise_marks(text: str, layer: pdfium.FPDF_TEXTPAGE) -> str:
    """Text with each number that is smaller than its neighbour and stands higher in superscript digits.

    Only numbers that could be marks are asked for their size, and no character moves. A mark that PDFium puts on a line
    of its own stays there, raised: it belongs to the end of the line before, and a line that begins with a space after
    it goes on with that line.
    """
    astral = [m.start() for m in _ASTRAL.finditer(text)]  # two places each where PDFium counts
    cuts: list[tuple[int, int]] = []
    for match in _COULD_BE_MARK.finditer(text):
        neighbour = _neighbour(text, match.start(), match.end())
        if neighbour is None:
            continue
        at, beside = (i + bisect_left(astral, i) for i in (match.start(), neighbour))
        if _is_raised(layer, at, beside):
            cuts.append(match.span())
    return _translated(text, cuts)


def _translated(text: str, cuts: list[tuple[int, int]]) -> str:
    out, at = [], 0
    for start, end in cuts:
        out += [text[at:start], text[start:end].translate(RAISED)]
        at = end
    return "".join([*out, text[at:]])


def _neighbour(text: str, start: int, end: int) -> int | None:
    """The index of the character to compare with: the one before on the line, else the one after, else the last one."""
    i = start - 1
    while i >= 0 and text[i] == " ":
        i -= 1
    if i >= 0 and text[i] not in "\r\n":
        return i
    j = end
    while j < len(text) and text[j] == " ":
        j += 1
    if j < len(text) and text[j] not in "\r\n":
        return j
    while i >= 0 and text[i].isspace():
        i -= 1
    return i if i >= 0 else None


def _is_raised(layer: pdfium.FPDF_TEXTPAGE, at: int, beside: int) -> bool:
    mark, other = (pdfium.FPDFText_GetCharIndexFromTextIndex(layer, i) for i in (at, beside))
    size, usual = font_size(layer, mark), font_size(layer, other)
    return 0 < size < SMALLER * usual and RAISED_BY * usual < base(layer, mark) - base(layer, other) < usual


def _scan_notice(scans: tuple[int, ...], name: str) -> tuple[Notice, ...]:
    if not scans:
        return ()
    pages = ", ".join(map(str, scans[:20])) + (" ..." if len(scans) > 20 else "")
    return (
        Notice(
            "no-text-layer",
            f"{name}: no usable text layer on page {pages}; what stands there was not read. "
            "Install tesseract with the language of the document, or give a copy with text.",
            (),
        ),
    )


def _refuse_bomb(data: bytes, name: str) -> None:
    """Refuse streams that would fill memory. Only those that could are opened: deflate makes at most 1,032 of one."""
    total = held = 0
    for start, end in _streams(data):
        held += end - start
        if held > _MOST_HELD * len(data):
            raise HostileDocument(f"{name}: streams within streams, up to byte {start:,}. This PDF is not read.")
        if (end - start) * 1032 + total <= MAX_INFLATED and data[start : start + 2] in _ZLIB:
            inner, size = _inflated(data[start : start + 512], 2048)
            total += (end - start) * 4
            if inner[:2] not in _ZLIB:
                continue
        head, size = _inflated(data[start:end], MAX_INFLATED)
        if head[:2] in _ZLIB:
            size += _inflated(_whole(data[start:end]), MAX_INFLATED)[1]
        total += size
        if total >= MAX_INFLATED_TOTAL:
            raise HostileDocument(
                f"{name}: its streams unpack to more than {MAX_INFLATED_TOTAL:,} bytes by byte {start:,}. "
                "This PDF is not read."
            )
        if size >= MAX_INFLATED:
            raise HostileDocument(
                f"{name}: a stream of {end - start:,} bytes at byte {start:,} unpacks to more than "
                f"{MAX_INFLATED:,}. This PDF is not read."
            )


def _streams(data: bytes) -> Iterator[tuple[int, int]]:
    end = 0
    for match in _STREAM.finditer(data):
        start = match.end()
        if data[match.start() - 3 : match.start()] == b"end" or data[start : start + 2] not in _ZLIB:
            continue
        if end < start:
            end = data.find(b"endstream", start)
            end = end if end >= 0 else len(data)
        yield start, end


def _inflated(data: bytes, at_most: int) -> tuple[bytes, int]:
    """The first bytes of a stream, and how many it has, counted up to a limit in pieces of bounded size."""
    machine, head, size, rest = zlib.decompressobj(), b"", 0, data
    while rest and size < at_most:
        try:
            piece = machine.decompress(rest, 1 << 20)
        except zlib.error:
            break
        head = head or piece[:2]
        size += len(piece)
        rest = machine.unconsumed_tail
        if not piece:
            break
    return head, size


def _whole(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 1 << 20)
    except zlib.error:
        return b""
