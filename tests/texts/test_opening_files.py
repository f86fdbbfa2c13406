"""Bytes become text only when it is sure which; everything else is refused with the next step."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from stocktake.secretariat.documents import MAX_BYTES, languages, load_language, open_document
from stocktake.texts import errors


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_same_resolution_in_any_encoding(encoding: str, fixtures: Path, tmp_path: Path) -> None:
    original = fixtures / "small_resolution.zh.txt"
    copy = tmp_path / "misleading.en.txt"
    copy.write_bytes(original.read_text(encoding="utf-8").encode(encoding))
    assert open_document(copy).operative == open_document(original).operative
    assert open_document(copy).language == "zh"


REFUSED = [
    (b"", errors.EmptyDocument, "no text"),
    (b" \r\n ", errors.EmptyDocument, "no text"),
    (b"%PDF-1.7 ...", errors.DamagedDocument, "end of this PDF is missing"),
    (b"PK\x03\x04 ...", errors.DamagedDocument, "DOCX"),
    (b"\xd0\xcf\x11\xe0 ...", errors.BinaryDocument, "old Word.*Save it as"),
    (b"abc\x00def", errors.BinaryDocument, "NUL byte at byte 3"),
    (b"\xff\xfea", errors.UndecodableDocument, "UTF-16"),
    (b"abc \xff\xff\xff", errors.UndecodableDocument, "byte 4 is not UTF-8"),
    (b"12345", errors.NotAResolution, "no letters"),
    (b"A recipe for soup of the day", errors.NotAResolution, "organ that speaks"),
    ("今天天气很好。".encode(), errors.NotAResolution, "organ that speaks"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "error", "words"), REFUSED, ids=[f"{i}-{c[1].code}" for i, c in enumerate(REFUSED)])
def test_a_file_is_refused_with_fact_and_next_step(
    data: bytes, error: type[errors.UnreadableDocument], words: str, tmp_path: Path
) -> None:
    file = tmp_path / "file.txt"
    file.write_bytes(data)
    with pytest.raises(error) as raised:
        open_document(file)
    assert re.search(words, str(raised.value)) and str(raised.value).startswith("file.txt: ")


def test_a_file_beyond_the_limit_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as handle:
        os.truncate(handle.fileno(), MAX_BYTES * 10)
    with pytest.raises(errors.OversizedDocument, match=rf"{MAX_BYTES:,} bytes"):
        open_document(file)


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadableDocument, match="no file"):
        open_document(tmp_path)


def test_a_language_without_a_file_is_refused_with_those_that_there_are() -> None:
    assert "zh" in languages()
    with pytest.raises(errors.LanguageNotRead, match=r"read now: .*zh"):
        load_language("xx")
