"""The door from bytes to text: one pure function, ``text_of``, for every format that is read."""

from stocktake.texts.formats.door import text_of
from stocktake.texts.formats.source import SourceText

__all__ = ["SourceText", "text_of"]
