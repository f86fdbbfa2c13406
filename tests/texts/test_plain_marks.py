"""A number that belongs to the text is never taken for a footnote mark."""

from __future__ import annotations

from stocktake.secretariat.documents import load_language
from stocktake.texts.model import Source
from stocktake.texts.reader import read_document

TEXT = """The Security Council,
Recalling the letter of the Agency 7 and its annex,
Recalling also the report of the Board, 8 and its findings on train 903 in particular,
Recalling further the loss of flight 772, and the trial that followed,
1. Decides to remain seized of the matter.
"""


def test_the_number_of_a_flight_or_one_far_from_the_others_stays_in_the_text() -> None:
    document = read_document(TEXT, load_language("en"), source=Source("loss.txt", "0" * 64))
    assert [p.footnote_marks for p in document.preambular] == [(7,), (8,), ()]
    assert "train 903 in particular" in document.preambular[1].text
    assert "flight 772," in document.preambular[2].text
