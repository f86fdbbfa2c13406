"""Why a file could not be read as a UN document.

UnreadableDocument              root; the place is in the message, the reason in ``code``
├── EmptyDocument               nothing but white space
├── OversizedDocument           more than we read at once
├── BinaryDocument              bytes of another format: PDF, DOCX, an image
├── UndecodableDocument         bytes that are text in no encoding that we know
├── NotAResolution              text without an organ that speaks or a numbered paragraph
├── LanguageNotRead             a UN document in a language that has no data file yet
├── TruncatedDocument           the preamble is there, nothing of the operative part is
└── InvalidLanguage             a data file of a language that is not in order
"""

from __future__ import annotations

from stocktake.terms.problems import StocktakeError


class UnreadableDocument(StocktakeError):
    """No UN document that we can read."""

    code = "unreadable-document"


class EmptyDocument(UnreadableDocument):
    """Nothing but white space."""

    code = "empty-document"


class OversizedDocument(UnreadableDocument):
    """More than we read at once."""

    code = "oversized-document"


class BinaryDocument(UnreadableDocument):
    """Bytes of another format."""

    code = "binary-document"


class UndecodableDocument(UnreadableDocument):
    """Bytes that are text in no encoding that we know."""

    code = "undecodable-document"


class NotAResolution(UnreadableDocument):
    """Text, but not that of a resolution."""

    code = "not-a-resolution"


class LanguageNotRead(UnreadableDocument):
    """A UN document in a language that has no data file yet."""

    code = "language-not-read"


class TruncatedDocument(UnreadableDocument):
    """The preamble is there, nothing of the operative part is."""

    code = "truncated-document"


class InvalidLanguage(UnreadableDocument):
    """A data file of a language that is not in order."""

    code = "invalid-language"
