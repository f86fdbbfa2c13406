"""What a PDF does to the process that reads it, it does not do to ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from stocktake.secretariat import apart
from stocktake.secretariat.apart import documents_apart
from stocktake.secretariat.documents import open_documents
from stocktake.texts.errors import EncryptedDocument, HostileDocument, UnreadableDocument


def pdf_with(form: bytes) -> bytes:
    """One page that draws a form whose content is ``form``."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/Resources<</XObject<</X 4 0 R>>>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X 4 0 R>>>>"
        b"/Length %d>>stream\n%s\nendstream" % (len(form), form),
        b"<</Length 5>>stream\n/X Do\nendstream",
    ]
    out, places = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


@pytest.mark.slow
def test_a_form_that_draws_itself_twice_is_refused_and_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MEMORY", 1_000_000_000)
    file = tmp_path / "form.pdf"
    file.write_bytes(pdf_with(b"/X Do /X Do"))
    with pytest.raises(HostileDocument, match=r"form\.pdf"):
        documents_apart(file)


def test_what_is_refused_there_is_refused_here_with_the_same_words(tmp_path: Path) -> None:
    file = tmp_path / "cut.pdf"
    file.write_bytes(pdf_with(b"")[:60])
    with pytest.raises(UnreadableDocument) as there:
        documents_apart(file)
    with pytest.raises(UnreadableDocument) as here:
        open_documents(file)
    assert (type(there.value), str(there.value)) == (type(here.value), str(here.value))
    assert not isinstance(there.value, EncryptedDocument)


def test_a_pdf_reads_the_same_apart(shared: Path) -> None:
    file = min(shared.rglob("texts/**/*.pdf"), key=lambda p: p.stat().st_size)
    assert documents_apart(file) == open_documents(file)
