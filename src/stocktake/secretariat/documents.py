"""Opening files: bytes -> SourceText -> language -> Document. The only place that knows where language files lie."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

from stocktake.secretariat.ocr import with_read_pictures
from stocktake.texts.detect import Signs, detect, names_an_organ, script_of
from stocktake.texts.errors import (
    LanguageNotRead,
    NotAResolution,
    NoTextLayer,
    OversizedDocument,
    UnreadableDocument,
)
from stocktake.texts.formats import SourceText, text_of
from stocktake.texts.fragments import is_table_of_fragments, read_fragments
from stocktake.texts.language import Language
from stocktake.texts.markdown import facts_of
from stocktake.texts.model import Document, Paragraph, Source
from stocktake.texts.reader import LineReading, read_documents, read_line

MAX_BYTES = 20_000_000


def open_documents(path: Path) -> tuple[Document, ...]:
    """The documents in a file of any format that is read, in the language that the text itself shows.

    Raises an UnreadableDocument that says the fact, the place and the next step; OSError where the file cannot be read.
    """
    data = _bytes(path)
    found = _text(data, path.name)
    source = Source(path.name, hashlib.sha256(data).hexdigest(), found.media_type)
    if is_table_of_fragments(found.text):
        return read_fragments(found.text, load_language, source=source)
    language = load_language(language_of(found.text, path.name))
    _refuse_other_forms(found.text, language, path.name)
    lengths = tuple(map(len, found.pages)) if found.paged else ()
    read = read_documents(found.text, language, source=source)
    facts = facts_of(found.text)
    if facts is not None:  # our own Markdown: its header stands in a block above the first document
        read = (replace(read[0], header=facts), *read[1:])
    return tuple(
        replace(_with_confidence(document, found), page_lengths=lengths, warnings=(*found.notices, *document.warnings))
        for document in read
    )


def open_document(path: Path) -> Document:
    """The first document in a file; refused like the file."""
    return open_documents(path)[0]


def _with_confidence(document: Document, found: SourceText) -> Document:
    """The document with the confidence of each paragraph: the lowest of the lines that it was read from."""
    if found.confidence is None:
        return document
    lines: list[tuple[int, int, float]] = []
    at = 0
    for page, marks in zip(found.pages, found.confidence, strict=True):
        for line, confidence in zip(page.split("\n"), marks, strict=False):
            if confidence is not None:
                lines.append((at, at + len(line), confidence))
            at += len(line) + 1

    def marked(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
        return tuple(replace(p, confidence=lowest(p)) for p in paragraphs)

    def lowest(p: Paragraph) -> float | None:
        return min((c for a, b, c in lines if any(a < end and start < b for start, end in p.spans)), default=None)

    annexes = tuple(replace(a, paragraphs=marked(a.paragraphs)) for a in document.annexes)
    return replace(
        document, preambular=marked(document.preambular), operative=marked(document.operative), annexes=annexes
    )


def open_text(path: Path) -> SourceText:
    """The text of a file; pages that are pictures are read by tesseract where it is installed, with its confidence.

    Raises what ``text_of`` raises, and NoTextLayer where no page has text that can be used.
    """
    return _text(_bytes(path), path.name)


def _text(data: bytes, name: str) -> SourceText:
    found = text_of(data, name)
    if found.scans:
        found = with_read_pictures(found, data, name)
    if found.scans and not any(p.strip() for i, p in enumerate(found.pages, 1) if i not in found.scans):
        raise NoTextLayer("\n".join(notice.message for notice in found.notices))
    return found


def open_lines(path: Path, language: str) -> Iterator[LineReading]:
    """What each line of a file says, taken as one paragraph out of context; empty lines are passed over.

    Refused like a document, and where a language is not read.
    """
    code = load_language(language)
    return (read_line(line, code) for line in open_text(path).text.splitlines() if line.strip())


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise UnreadableDocument(f"{path.name}: this is no file at {path}. Give the path of a text file.")
    with path.open("rb") as handle:
        data = handle.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OversizedDocument(
            f"{path.name}: more than {MAX_BYTES:,} bytes; that is the most that is read. Give one resolution a file."
        )
    return data


def language_of(text: str, name: str) -> str:
    """The code of the language that a text is in, if it is read; refused with what the text looks like otherwise."""
    signs = detect(text, _signs())
    if signs is not None and signs.language in languages():
        return signs.language
    readable = ", ".join(f"{s.name} ({s.language})" for s in _signs() if s.language in languages())
    if signs is not None and names_an_organ(text, signs):
        raise LanguageNotRead(
            f"{name}: a UN document that looks like {signs.name} ({signs.script.capitalize()} letters). "
            f"Read now: {readable}. "
            "Give the document in one of these languages."
        )
    script = script_of(text)
    looks = f"mostly {script.capitalize()} letters" if script else "no letters"
    raise NotAResolution(
        f"{name}: {looks} and no organ of the United Nations that speaks. Give a resolution; read now: {readable}."
    )


def _refuse_other_forms(text: str, language: Language, name: str) -> None:
    """Refuse a text in another form of the script of its language: its words would not be found in it."""
    forms = language.writing.other_forms
    if not any(form in text for form in forms):
        return
    characters = Counter(text)
    others, ours = sum(characters[c] for c in forms), sum(characters[c] for c in set(forms.values()))
    if others > ours:
        first = min(text.index(c) for c in forms if c in characters)
        raise LanguageNotRead(
            f"{name}: {language.name} in characters of another form ({text[first]} at character {first:,} where "
            f"{forms[text[first]]} is known; {others:,} such characters, {ours:,} of the known form). "
            "Give the document as the United Nations prints it, in simplified characters."
        )


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that are read, in order: one data file each."""
    names = (Path(entry.name) for entry in _folder().iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".yaml" and len(name.stem) == 2))


@cache
def load_language(code: str) -> Language:
    """The language of a code; refused, with the codes that there are, if it has no data file."""
    if code not in languages():
        raise LanguageNotRead(f"no language {code!r}; read now: {', '.join(languages())}")
    return Language.parse(yaml.safe_load((_folder() / f"{code}.yaml").read_text(encoding="utf-8")))


@cache
def _signs() -> tuple[Signs, ...]:
    rows = yaml.safe_load((_folder() / "detect.yaml").read_text(encoding="utf-8"))
    return tuple(Signs(r["language"], r["name"], r["script"], tuple(r["words"]), tuple(r["organs"])) for r in rows)


def _folder() -> Traversable:
    return resources.files("stocktake") / "catalogue" / "languages"
