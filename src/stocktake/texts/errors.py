"""Why a file could not be read as a UN document.

UnreadableDocument              root; the place is in the message, the reason in ``code``
├── EmptyDocument               nothing but white space
├── OversizedDocument           more than we read at once
├── BinaryDocument              bytes of a format that is not read: old Word, an image
├── DamagedDocument             a PDF, DOCX, XML that is cut off or broken
├── EncryptedDocument           a document that is locked with a password
├── HostileDocument             entities, nesting or packing that would fill memory
├── NoTextLayer                 pictures of pages, without text that can be used
├── UndecodableDocument         bytes that are text in no encoding that we know
├── NotAResolution              text without an organ that speaks or a numbered paragraph
├── LanguageNotRead             a UN document in a language that has no data file yet
├── TruncatedDocument           a body begins to speak, and no paragraph follows
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
    """Bytes of a format that is not read."""

    code = "binary-document"


class DamagedDocument(UnreadableDocument):
    """A document of a known format that is cut off or broken."""

    code = "damaged-document"


class EncryptedDocument(UnreadableDocument):
    """A document that is locked with a password."""

    code = "encrypted-document"


class HostileDocument(UnreadableDocument):
    """A document that would fill memory or reach beyond itself: entities, nesting, packing."""

    code = "hostile-document"


class NoTextLayer(UnreadableDocument):
    """Pictures of pages, without text that can be used."""

    code = "no-text-layer"


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
    """A body begins to speak, and no paragraph follows."""

    code = "truncated-document"


class InvalidLanguage(UnreadableDocument):
    """A data file of a language that is not in order."""

    code = "invalid-language"
