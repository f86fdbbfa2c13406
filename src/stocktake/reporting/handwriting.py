"""Numbers, dates and choices as people write them in a workbook, and as a JSON report must have them.

People group thousands with spaces, commas, points or apostrophes, write a decimal comma, digits of their own script, a
month by its name. What can mean one thing only is read; what may mean two is refused with the reason, never guessed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from stocktake.reporting.form import NOTATION, AnswerState, FormWords
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidTerm

MOST_DIGITS = 18  # as in the evidence tables
MOST_CHARACTERS = 30_000  # a cell of XLSX holds 32,767 UTF-16 units
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # Cc but the end of a line, and Cs
_BOUND = re.compile(r"[<>≤≥]|\b(?:max|min)\b", re.IGNORECASE)
_GROUPERS = str.maketrans("", "", "\u00a0\u202f\u2009\u2007 '’٬_")
_SERIAL = (10_000, 110_000)  # days of a workbook's calendar, 1927 to 2201
_EPOCH = date(1899, 12, 30)  # day 0 of XLSX and ODS; ECMA-376 part 1, 18.17.4.1


_STATES = {state.value: state for state in AnswerState}


class Unread(InvalidTerm):
    """A cell that does not say what its column needs; ``code`` is that of the problem, ``said`` fills its gaps."""

    def __init__(self, code: str, **said: str) -> None:
        self.problem_code, self.said = code, said
        super().__init__(code)


class Reader(Protocol):
    """How raw cells become the strings of an answer. Each method returns the canonical form, or raises Unread."""

    def number(self, raw: Any, *, whole: bool) -> str: ...
    def date(self, raw: Any) -> str: ...
    def period(self, raw: Any) -> str: ...
    def text(self, raw: Any) -> str: ...
    def choice(self, raw: Any, keys: Iterable[str], set_name: str) -> str: ...
    def state(self, raw: Any) -> AnswerState: ...


def plain_text(raw: Any) -> str:
    """Text without spaces at its ends; refuses what is no text, too long, or holds invisible control characters."""
    if not isinstance(raw, str):
        raise Unread("not-text", found=repr(raw), expected="text")
    text = raw.strip()
    bad = _UNSEEN.search(text)
    if bad is not None:
        raise Unread("control-character", found=f"U+{ord(bad[0]):04X}")
    if 2 * len(text) > MOST_CHARACTERS and len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        raise Unread("too-long", found=str(len(text)), expected=str(MOST_CHARACTERS))
    return text


def plain_number(raw: Any, *, whole: bool) -> str:
    """A decimal string: digits, perhaps a point; zero or more; at most 18 digits."""
    if not isinstance(raw, str) or not _PLAIN.fullmatch(raw) or len(raw.replace(".", "")) > MOST_DIGITS:
        raise Unread("not-a-number", found=str(raw))
    if whole and Decimal(raw) % 1:
        raise Unread("not-whole", found=raw)
    return raw


def plain_period(raw: Any, date_form: str = "YYYY-MM-DD/YYYY-MM-DD") -> str:
    """Two dates with a stroke between them, the first not after the second."""
    first, _, last = plain_text(raw).partition("/")
    try:
        if PartialDate.parse(first).first <= PartialDate.parse(last).last:
            return f"{first}/{last}"
    except InvalidTerm:
        pass
    raise Unread("not-a-date", found=str(raw), expected=date_form)


class Typescript:
    """The reader of JSON: canonical forms only, nothing repaired."""

    number = staticmethod(plain_number)
    period = staticmethod(plain_period)
    text = staticmethod(plain_text)

    def date(self, raw: Any) -> str:
        try:
            return str(PartialDate.parse(plain_text(raw)))
        except Unread:
            raise
        except InvalidTerm:
            raise Unread("not-a-date", found=str(raw), expected="YYYY, YYYY-MM, YYYY-MM-DD") from None

    def choice(self, raw: Any, keys: Iterable[str], set_name: str) -> str:
        if raw not in (known := list(keys)):
            raise Unread("unknown-choice", found=str(raw), expected=", ".join(known))
        return str(raw)

    def state(self, raw: Any) -> AnswerState:
        if not isinstance(raw, str) or raw not in _STATES:
            raise Unread("unknown-kind", found=str(raw), expected=", ".join(AnswerState))
        return _STATES[raw]


def folded(text: str) -> str:
    """Text as it is compared: width, case and spaces folded away."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Handwriting:
    """The reader of workbooks. ``language`` is the one in which the workbook is filled: it settles decimal commas, and
    the order of day and month where the language has one order."""

    def __init__(self, words: Mapping[str, FormWords], language: str) -> None:
        self.words = words[language]
        self.all = words
        self.states = {
            folded(name): state
            for state in AnswerState
            for name in (state.value, NOTATION[state], *(w.state(state) for w in words.values()))
        }
        self.months = {folded(m): n for w in words.values() for n, m in enumerate(w.months, 1)}

    def text(self, raw: Any) -> str:
        if isinstance(raw, bool):
            return str(raw).upper()
        if isinstance(raw, int | float):
            return _digits(raw)
        if isinstance(raw, datetime | date):
            return _iso(raw)
        if not isinstance(raw, str):
            raise Unread("not-text", found=str(raw), expected="text")
        return plain_text(raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))

    def number(self, raw: Any, *, whole: bool) -> str:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            if not math.isfinite(raw) or raw < 0:
                raise Unread("not-a-number", found=str(raw))
            return plain_number(_digits(raw), whole=whole)
        if not isinstance(raw, str):
            raise Unread("not-a-number", found=str(raw))
        return plain_number(self._ungrouped(raw, whole=whole), whole=whole)

    def _ungrouped(self, raw: str, *, whole: bool) -> str:
        if _BOUND.search(raw):
            raise Unread("bound-as-number", found=raw)
        text = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", raw))
        text = text.strip().replace("٫", ".").replace("،", ",")
        if re.search(r"[0-9][ '’٬_\u00a0\u202f\u2009\u2007]", text) and not re.fullmatch(
            r"[0-9]{1,3}(?:[ '’٬_\u00a0\u202f\u2009\u2007][0-9]{3})+(?:[.,][0-9]+)?", text
        ):
            raise Unread("not-a-number", found=raw)  # "3 000 4" or "12 34": not how anyone groups digits
        text = text.translate(_GROUPERS)
        marks = [c for c in text if c in ".,"]
        if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", text):
            raise Unread("not-a-number", found=raw)
        if not marks:
            return text.lstrip("0") or "0"
        head, *groups = re.split(r"[.,]", text)
        grouped = 1 <= len(head) <= 3 and head[0] != "0" and all(len(g) == 3 for g in groups)
        if len(marks) == 1:
            if not grouped:
                return f"{head.lstrip('0') or '0'}.{groups[0]}"
            if whole:
                return head + groups[0]
            raise Unread("ambiguous-number", found=raw)
        thousands = all(len(g) == 3 for g in groups[:-1]) and 1 <= len(head) <= 3
        if len(set(marks)) == 1 and grouped:
            return head + "".join(groups)
        if len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and thousands:
            return head + "".join(groups[:-1]) + "." + groups[-1]
        raise Unread("not-a-number", found=raw)

    def date(self, raw: Any) -> str:
        if isinstance(raw, datetime | date):
            return _iso(raw)
        if isinstance(raw, int | float) and not isinstance(raw, bool) and float(raw).is_integer():
            if 1900 <= raw <= 2200:
                return f"{int(raw):04d}"
            if _SERIAL[0] <= raw <= _SERIAL[1]:
                return (_EPOCH + timedelta(days=int(raw))).isoformat()
        if not isinstance(raw, str):
            raise Unread("not-a-date", found=str(raw), expected="YYYY-MM-DD")
        return self._written_date(plain_text(raw))

    def _written_date(self, raw: str) -> str:
        text = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", raw))
        year, month, day = self._parts(text, raw)
        try:
            return str(PartialDate.parse("-".join(f"{n:0{w}d}" for n, w in ((year, 4), (month, 2), (day, 2)) if n)))
        except InvalidTerm:
            raise Unread("not-a-date", found=raw, expected="YYYY-MM-DD") from None

    def _parts(self, text: str, raw: str) -> tuple[int, int, int]:
        """Year, month and day of a written date; 0 for what it leaves out."""
        if match := re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})?日?)?)?年?", text.replace(" ", "")):
            return int(match[1]), int(match[2] or 0), int(match[3] or 0)
        if match := re.fullmatch(r"(\d{1,2})[./-](\d{4})", text):
            return int(match[2]), int(match[1]), 0
        if match := re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", text):
            return self._ordered(int(match[1]), int(match[3]), int(match[4]), match[2], raw)
        words = re.findall(r"[^\W\d_]+|\d+", text)
        named = [self.months[folded(w)] for w in words if folded(w) in self.months]
        numbers = [int(w) for w in words if w.isdecimal()]
        years, days = [n for n in numbers if n > 31], [n for n in numbers if 1 <= n <= 31]
        strange = [w for w in words if not w.isdecimal() and folded(w) not in self.months and len(w) > 3]
        if len(named) == 1 and len(years) == 1 and len(days) <= 1 and not strange:
            return years[0], named[0], days[0] if days else 0
        raise Unread("not-a-date", found=raw, expected="YYYY-MM-DD")

    def _ordered(self, a: int, b: int, year: int, mark: str, raw: str) -> tuple[int, int, int]:
        """Day and month of ``a/b/year``. With points the day comes first everywhere; with a stroke it depends."""
        if a > 12 or a == b or mark == "." or (self.words.day_first and b <= 12):
            return year, b, a
        if b > 12:
            return year, a, b
        raise Unread("ambiguous-date", found=raw)

    def period(self, raw: Any) -> str:
        if isinstance(raw, int | float):
            year = self.date(raw)
            return f"{year}/{year}"
        text = plain_text(raw) if isinstance(raw, str) else ""
        until = "|".join(re.escape(w.until) for w in self.all.values())
        stroke = r"(?:(?<=\d{4})|(?<=-\d\d))/(?=\d{4})"  # between two days that begin with the year
        parts = re.split(rf"\s*[–—]\s*|\s+-\s+|{stroke}|\s+(?:{until})\s+|(?<=[\d日月年])至(?=\d)", text)
        if len(parts) != 2:
            raise Unread("not-a-date", found=str(raw), expected="YYYY-MM-DD/YYYY-MM-DD")
        return plain_period("/".join(map(self._written_date, parts)))

    def choice(self, raw: Any, keys: Iterable[str], set_name: str) -> str:
        known = list(keys)
        wanted = folded(self.text(raw))
        for key in known:
            names = (key, *(w.choices.get(set_name, {}).get(key, key) for w in self.all.values()))
            if wanted in map(folded, names):
                return key
        expected = ", ".join(self.words.choices.get(set_name, {}).get(key, key) for key in known)
        raise Unread("unknown-choice", found=str(raw), expected=expected)

    def state(self, raw: Any) -> AnswerState:
        found = self.states.get(folded(self.text(raw)))
        if found is None:
            raise Unread(
                "unknown-kind", found=self.text(raw), expected=", ".join(self.words.state(s) for s in AnswerState)
            )
        return found


def _digits(number: int | float) -> str:
    """The shortest decimal digits that are this number; no exponent, no trailing ``.0``."""
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0") if isinstance(number, float) else text


def _iso(day: datetime | date) -> str:
    return (day.date() if isinstance(day, datetime) else day).isoformat()
