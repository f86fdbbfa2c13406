"""Which format the bytes of a file are in, by the bytes themselves, and the text that they hold."""

from __future__ import annotations

import re

from stocktake.texts.errors import BinaryDocument, EmptyDocument
from stocktake.texts.formats.docx import docx_text
from stocktake.texts.formats.markup import html_text, xml_text
from stocktake.texts.formats.pdf import pdf_text
from stocktake.texts.formats.plain import decode
from stocktake.texts.formats.source import SourceText
from stocktake.texts.model import Notice

_NOT_READ = {
    b"\xd0\xcf\x11\xe0": "old Word or another file of Microsoft's compound format",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
}
_HTML = re.compile(
    r"(?:<\?xml[^>]{0,200}\?>)?\s*(?:<!--.{0,4000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_FRAGMENT = re.compile(r"<(?:div|p|article|section|main|h[1-6]|table|ol|ul)\b[^<>]{0,1000}>", re.I)
_XML = re.compile(r"<(?:\?xml\s|!DOCTYPE\s|!--|[A-Za-z_][\w:.-]{0,100}[\s>])")


def text_of(data: bytes, name: str) -> SourceText:
    """The text of the bytes of a file: PDF, DOCX, HTML, XML, else plain text or markdown; ``name`` is for messages.

    No disk, no network, no clock. Raises an UnreadableDocument that says the fact, the place and the next step.
    """
    if not data.strip():
        raise EmptyDocument(f"{name}: the file has {len(data):,} bytes and no text. Give the text of a UN document.")
    if b"%PDF-" in data[:1024]:
        return pdf_text(data, name)
    if data.startswith(b"PK\x03\x04"):
        return docx_text(data, name)
    for magic, kind in _NOT_READ.items():
        if data.startswith(magic):
            raise BinaryDocument(
                f"{name}: this is {kind}, by its first bytes, which is not read. Save it as PDF with a text layer, "
                "DOCX, HTML, XML or text, and give that."
            )
    return _text(data, name)


def _text(data: bytes, name: str) -> SourceText:
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if head.startswith(b"<"):
        start = head.replace(b"\x00", b"").decode("latin-1")
        if _HTML.match(start) or _FRAGMENT.match(start):
            return html_text(data, name)
        if _XML.match(start) and data.rstrip(b" \t\r\n\x00").endswith(b">"):
            return xml_text(data, name)
    text, encoding = decode(data, name)
    return SourceText((text,), "text/plain", notices=_guessed(encoding, name))


def _guessed(encoding: str, name: str) -> tuple[Notice, ...]:
    if not encoding.startswith("windows"):
        return ()
    return (
        Notice(
            "encoding-guessed",
            f"{name}: not UTF-8; read as {encoding}, in which its words are regular. Save it as UTF-8 to be sure.",
            (),
        ),
    )
