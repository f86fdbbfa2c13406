"""Bytes of plain text: which encoding they are in, without being told."""

from __future__ import annotations

import codecs
import re

from stocktake.texts.detect import script_of
from stocktake.texts.errors import BinaryDocument, UndecodableDocument

_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_IDEOGRAPHS = "CJK"
_WORD = re.compile(r"[^\W\d_]+")
# code page -> least and greatest share of letters beyond ASCII in a text that is written in it
_CODE_PAGES = {"windows-1252": (0.0, 0.25), "windows-1251": (0.5, 1.0), "windows-1256": (0.5, 1.0)}
_FEWEST_WORDS, _WELL_FORMED = 5, 0.9
_SAMPLE = 40_000


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text and the encoding that it was found in: UTF-8, UTF-16 with its mark, GB18030, or a Windows code page.

    GB18030 is taken where the bytes are ideographs in it; a code page where nearly every word is of one script and of
    regular capitals. Raises BinaryDocument for a NUL, UndecodableDocument where nothing fits.
    """
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _strict(data, encoding, name), encoding
    if 0 in data:
        raise BinaryDocument(f"{name}: a NUL byte at byte {data.index(0):,}; text has none. Give the text, in UTF-8.")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _fallback(data, name, error.start)


def _fallback(data: bytes, name: str, at: int) -> tuple[str, str]:
    text = _decoded(data, "gb18030")
    if text is not None and script_of(text) == _IDEOGRAPHS:
        return text, "gb18030"
    fits = [(fit, text, page) for page, limits in _CODE_PAGES.items() for fit, text in [_fit(data, page, limits)]]
    fit, text, page = max(fits, key=lambda found: found[0])
    if text is not None and fit >= _WELL_FORMED:
        return text, page
    raise UndecodableDocument(
        f"{name}: byte {at:,} is not UTF-8, and the file is not GB18030 or {' or '.join(_CODE_PAGES)} either. "
        "Save it as UTF-8 and try again."
    )


def _fit(data: bytes, encoding: str, limits: tuple[float, float]) -> tuple[float, str | None]:
    """How many of the words beyond ASCII are regular in an encoding, as a share; 0 where too few or too many are."""
    text = _decoded(data, encoding)
    if text is None:
        return 0.0, None
    words = _WORD.findall(text[:_SAMPLE])
    letters = sum(map(len, words))
    beyond = sum(1 for word in words for c in word if c > "\x7f")
    strange = [word for word in words if not word.isascii()]
    if len(strange) < _FEWEST_WORDS or not limits[0] <= beyond / letters <= limits[1]:
        return 0.0, text
    return sum(map(_is_regular, strange)) / len(strange), text


def _is_regular(word: str) -> bool:
    cased = word[1:] == word[1:].lower() or word == word.upper()
    return cased and len({script_of(c) for c in word}) == 1


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\x80-\x84\x86-\x9f]", text) else text


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableDocument(
            f"{name}: byte {error.start:,} is not {encoding.upper()}, which its first bytes say. Save it as UTF-8."
        ) from None
