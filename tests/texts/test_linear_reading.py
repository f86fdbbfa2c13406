"""Four times the text takes about four times the work: rows of whatever a pattern of a language looks for."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from stocktake.secretariat.documents import languages, load_language
from stocktake.texts.errors import UnreadableDocument
from stocktake.texts.language import Language
from stocktake.texts.model import Source, to_json
from stocktake.texts.reader import read_documents, read_line

SIZE, LEAST_SECONDS, SQUARE = 2_500, 0.15, 11.0  # a square takes 16 times as long, a line 4 times
STARTS = {
    "ar": "إن الجمعية العامة،\nإذ تشير إلى القرار 71/54،\n1 - تقرر ",
    "en": "The General Assembly,\nRecalling resolution 71/54,\n1. Decides ",
    "es": "La Asamblea General,\nRecordando su resolución 71/54,\n1. Decide ",
    "fr": "L’Assemblée générale,\nRappelant sa résolution 71/54,\n1. Décide ",
    "ru": "Генеральная Ассамблея,\nссылаясь на резолюцию 71/54,\n1. постановляет ",
    "zh": "大会，\n回顾第71/54号决议，\n1. 决定",
}
SIGNS = (
    *("a", "A", "1", "(", "[", "<", "*", "_", "-", '"', "“", "«", "[a](", "[^1]", "\\", "é", "\u0301", "/", "²"),
    *("a-", "x-\n", "- ", "A/", "1, ", "12 ", "x12 ", "(a) ", "; (a) ", ":\n(a) x;", "1) ", "① ", "71/54, ", "IV "),
    *("\n¹ A/", "\n_____\n1\nA/", "A/RES/1(", "\n1 A/", "; 1. ", " \n", "\f", "\u00ad\n", "\n[", "1/2 "),
)


def pieces(language: Language) -> Iterator[str]:
    """Words of the language that its patterns look for, each ready to be written in a row."""
    gap = language.gap
    organs = [name for organ in language.organs for name in organ.names]
    forms = [form for some in language.verbs.forms for form in some.forms[:3]]
    words = [*organs, *forms, *language.verbs.modifiers[:6], *language.verbs.connectors, *language.citations.nouns]
    words += [names[0] for names in (*language.treaties.values(), *list(language.states.values())[:2])]
    words += [*list(language.numbers.words)[:3], *list(language.numbers.units)[:2], *list(language.header.months)[:1]]
    for word in words:
        plain = re.split(r"[(\[\\]", word)[0]
        if plain.strip():
            yield plain + gap
            yield f"{language.writing.clause_ends[0]}{gap}{plain}"


def seconds(text: str, language: Language) -> float:
    begin = time.process_time()
    try:
        for document in read_documents(text, language, source=Source("row.txt", "0" * 64)):
            to_json(document)
    except UnreadableDocument as error:
        assert str(error).startswith("row.txt: ")
    read_line(text, language)
    return time.process_time() - begin


@pytest.mark.slow
@pytest.mark.parametrize("code", languages())
def test_four_times_the_text_takes_four_times_as_long(code: str) -> None:
    language = load_language(code)
    for piece in dict.fromkeys([*SIGNS, *pieces(language)]):
        times = 4 * SIZE // len(piece)
        whole = seconds(STARTS[code] + piece * times, language)
        if whole < LEAST_SECONDS:  # nearly always: too fast for a square
            continue
        part = min(seconds(STARTS[code] + piece * (times // 4), language) for _ in range(3))
        whole = min(whole, seconds(STARTS[code] + piece * times, language))
        assert whole < SQUARE * part, f"{code}: {piece!r} in a row"
