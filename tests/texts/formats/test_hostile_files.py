"""Files of anyone: each is read or refused in a bounded time, with a clear error, and reaches nothing beyond itself."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.texts import errors
from stocktake.texts.formats import text_of
from stocktake.texts.formats.pdf import MAX_PAGES
from tests.texts.formats.samples import docx, drawn, html, pdf

PAGE = drawn((72, 700, 12, "The General Assembly asks all States to report."))
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


def _locked() -> bytes:
    """A PDF that says that it is encrypted, with keys that no empty password opens."""
    trailer = b"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O(%s)/U(%s)>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)
    return pdf(PAGE).replace(b"trailer<<", b"trailer<<" + trailer)


REFUSED = {
    "pdf locked": (_locked(), errors.EncryptedDocument, "password"),
    "pdf cut in half": (pdf(PAGE)[:300], errors.DamagedDocument, "end of this PDF is missing"),
    "pdf of rubble": (b"%PDF-1.7\nrubble\n%%EOF", errors.DamagedDocument, "cannot be opened"),
    "pdf of very many pages": (pdf(*[b" "] * (MAX_PAGES + 1)), errors.OversizedDocument, "pages"),
    "pdf that unpacks": (pdf(b" " * 70_000_000, compress=True), errors.HostileDocument, "unpacks"),
    "pdf of streams within streams": (
        pdf(PAGE).replace(b"trailer<<", b"stream\nx\x9c " * 90_000 + b"trailer<<"), errors.HostileDocument, "within"),
    "zip cut in half": (docx("<w:p/>")[:120], errors.DamagedDocument, "broken"),
    "zip of something else": (_zip(other=b"<a/>"), errors.BinaryDocument, "no DOCX"),
    "zip bomb": (_zip(word__document=b" " * 60_000_000), errors.HostileDocument, "unpacks"),
    "docx of rubble": (_zip(word__document=b"<w:document>"), errors.DamagedDocument, "well-formed"),
    "docx with entities": (
        _zip(word__document=b'<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>'), errors.HostileDocument, "entities"),
    "billion laughs": (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>'.encode(), errors.HostileDocument,
        "entities"),
    "another file": (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>',
        errors.HostileDocument, "entities"),
    "another file, in UTF-16": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>'
        .encode("utf-16"), errors.HostileDocument, "entities"),
    "deep xml": (b"<?xml version='1.0'?>" + b"<a>" * 100_000 + b"</a>" * 100_000, errors.HostileDocument, "deep"),
    "deep html": (b"<html><body>" + b"<div>" * 100_000 + b"x", errors.HostileDocument, "deep"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_in_a_second(name: str) -> None:
    data, error, words = REFUSED[name]
    begin = time.perf_counter()
    with pytest.raises(error, match=words) as raised:
        text_of(data, "file.x")
    assert time.perf_counter() - begin < 60, "linear code takes about a second here; a minute is a hang"
    assert str(raised.value).startswith("file.x: ")


def test_streams_that_are_small_alone_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stocktake.texts.formats.pdf.MAX_INFLATED", 1_000_000)
    monkeypatch.setattr("stocktake.texts.formats.pdf.MAX_INFLATED_TOTAL", 3_000_000)
    with pytest.raises(errors.HostileDocument, match="its streams unpack to"):
        text_of(pdf(*[b" " * 990_000] * 300, compress=True), "file.x")


def test_a_dtd_that_is_named_is_not_fetched(tmp_path: Path) -> None:
    dtd = tmp_path / "a.dtd"
    dtd.write_text('<!ENTITY x "SECRET">')
    data = f'<?xml version="1.0"?><!DOCTYPE d SYSTEM "{dtd.as_uri()}"><d>words &x;</d>'.encode()
    try:
        assert "SECRET" not in text_of(data, "f").text
    except errors.DamagedDocument as error:
        assert "SECRET" not in str(error)


LONG = {
    "paragraphs": b"<html><body>" + b"<p>Asks <sup>1</sup>" * 15_000,
    "nested lists of one level": b"<html><body><ol>" + b"<li>a" * 40_000,
    "links": b"<html><body>" + b"<a href='#1'>1</a>" * 15_000,
    "links open": b"<html><body>" + b"<a href='#1'>1" * 15_000,
    "items and links to notes": b"<html><body><a href='#n'>1</a>" + b"<ol><li>" * 90 + b"<a></a><i></i>" * 70_000,
    "cells": b"<html><body><table><tr>" + b"<td>1" * 40_000,
    "items of a list": b"<?xml version='1.0'?><ol>" + b"<li>a</li>" * 100_000 + b"</ol>",
    "many mixed": b"<?xml version='1.0'?><p>" + b"a<b>c</b>" * 100_000 + b"</p>",
    "angles": b"<" * 1_000_000,
    "numbers of a page": pdf(drawn(*((72, 700, 12, "1 a " * 40) for _ in range(1000)))),
    "lines of a page": pdf(drawn(*((72, y / 10, 7, "1") for y in range(7000)))),
    "brackets": b"<html><body><p>" + b"[(" * 400_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_file_takes_no_more_than_its_length(name: str) -> None:
    begin = time.perf_counter()
    try:
        text_of(LONG[name], "file.x")
    except errors.UnreadableDocument as error:
        assert str(error).startswith("file.x: ")
    assert time.perf_counter() - begin < 60, "about a second here; a minute is a hang"


SEEDS = [
    pdf(PAGE, PAGE),
    pdf(PAGE, compress=True),
    docx("<w:p><w:r><w:t>Asks</w:t></w:r></w:p>", footnotes="<w:footnote/>", numbering="<w:num/>"),
    html("ar").encode(),
    html("en").encode("utf-16"),
    b"<?xml version='1.0'?><a><title>T</title><p>x<b>y</b></p><ol><li>z</li></ol></a>",
]


@settings(max_examples=300)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.integers(1, 30))
def test_a_damaged_file_is_read_or_refused(seed: bytes, chance: int, hits: int) -> None:
    dice = random.Random(chance)
    data = bytearray(seed)
    for _ in range(hits):
        if not data:
            break
        at = dice.randrange(len(data))
        kind = dice.randrange(4)
        if kind == 0:
            data[at] = dice.randrange(256)
        elif kind == 1:
            del data[at : at + dice.randrange(20)]
        elif kind == 2:
            data[at:at] = data[dice.randrange(len(data)) :][: dice.randrange(40)]
        else:
            data[at : at + 1] = b"999999999"
    _read_or_refused(bytes(data))


@given(
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<?xml version='1.0'?>", b"<html>"]), st.binary(max_size=300)
)
def test_any_bytes_are_read_or_refused(head: bytes, data: bytes) -> None:
    _read_or_refused(head + data)


def _read_or_refused(data: bytes) -> None:
    try:
        found = text_of(data, "file.x")
    except errors.UnreadableDocument as error:
        assert str(error).startswith("file.x: ")
    else:
        assert found.pages and all(isinstance(page, str) for page in found.pages)
        assert not found.paged or not any("\f" in page for page in found.pages)
