"""Pages that are pictures are read where tesseract is installed, each line with its confidence."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from stocktake.secretariat.documents import open_text
from stocktake.secretariat.ocr import ocr_languages, reading_of
from stocktake.texts.errors import NoTextLayer
from tests.texts.formats.samples import drawn, pdf

WORDS = "The General Assembly asks all States to report"


def _scan(text: str) -> bytes:
    """A PDF whose page is a picture of a page with the text."""
    with pypdfium2.PdfDocument(pdf(drawn((72, 700, 18, text)))) as page:
        bitmap = page[0].render(scale=2, grayscale=True)
        width, height, stride, rows = bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer)
    grey = b"".join(rows[i * stride : i * stride + width] for i in range(height))
    image = b"q 612 0 0 792 0 0 cm BI /W %d /H %d /BPC 8 /CS /G /F /AHx ID " % (width, height)
    return pdf(image + grey.hex().encode() + b">\nEI Q")


def test_a_picture_is_read_with_its_confidence_or_refused_with_its_page(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(_scan(WORDS))
    if "eng" in ocr_languages():
        found = open_text(file)
        assert found.pages == (WORDS,) and found.scans == ()
        assert found.confidence is not None and (found.confidence[0][0] or 0) > 0.8
        assert [n.code for n in found.notices] == ["read-from-picture"]
    else:
        with pytest.raises(NoTextLayer, match="page 1;"):
            open_text(file)


def test_without_tesseract_a_picture_is_refused_with_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    file = tmp_path / "scan.pdf"
    file.write_bytes(_scan(WORDS))
    with pytest.raises(NoTextLayer, match="no usable text layer on page 1;"):
        open_text(file)


def test_a_table_of_words_becomes_lines_with_their_mean_confidence() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    rows = ["5 1 1 1 1 1 0 0 9 9 90 Asks", "5 1 1 1 1 2 0 0 9 9 70 all", "5 1 1 2 1 1 0 0 9 9 50 Ends"]
    text, trust = reading_of(head + "\n".join(row.replace(" ", "\t") for row in rows))
    assert text == "Asks all\n\nEnds"
    assert [sure and round(sure, 6) for sure in trust] == [0.8, None, 0.5]
