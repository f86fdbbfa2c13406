"""A language as a value: its lexicon and patterns, checked once, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stocktake.texts.errors import InvalidLanguage

_NEVER = "(?!)"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Writing(_Part):
    """Characters: what takes no space beside it (a class; empty where words are spaced), what ends a clause, an item,
    a sentence. ``capitals``: with one of these an opening verb begins, and a further one does not.
    ``keeps_hyphen``: first parts of words that keep a hyphen at which a line was broken.
    """

    tight: str
    capitals: str = ""
    keeps_hyphen: tuple[str, ...] = ()
    clause_ends: str
    item_ends: str
    opening_ends: str
    sentence_ends: str
    quotes: tuple[str, ...]
    other_forms: Mapping[str, str] = {}


class Numbers(_Part):
    """Numerals and labels. ``counters`` are the characters that make a number before them part of the text.

    ``letters``: the alphabets that label sub-items, in their order. ``words``: numbers in words, which add up
    (seventy, fifth); a word may stand beside another or in one piece with it.
    """

    digits: Mapping[str, int]
    units: Mapping[str, int]
    label: str
    other_labels: tuple[str, ...] = ()
    item_labels: tuple[str, ...]
    counters: str
    ordinal: str
    letters: tuple[str, ...] = ("abcdefghijklmnopqrstuvwxyz",)
    words: Mapping[str, int] = {}


class Organ(_Part):
    """A body that adopts resolutions, under its names, with the series of its symbols."""

    names: tuple[str, ...]
    series: str


class HeaderPatterns(_Part):
    """Whole-line patterns, read against lines without any white space."""

    date: str
    number: str
    months: Mapping[str, int] = {}
    session: tuple[str, ...]
    agenda_item: tuple[str, ...]
    adopted: tuple[str, ...]
    meeting: tuple[str, ...]
    report: tuple[str, ...]
    number_and_title: tuple[str, ...]
    own_symbol: tuple[str, ...]
    speaks: str = ""
    masthead: tuple[str, ...]
    annex: tuple[str, ...]
    draft: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


class FootnoteWords(_Part):
    """How the text of a footnote begins, and where a plain number within a text may be a mark.

    ``not_after``: words before a number that make it part of the text (paragraph, of); ``before``: what follows a mark
    that stands after a word. Both are empty where a mark is only ever beside a character that takes no space.
    """

    begins: str
    not_after: str = ""
    before: str = ""


class VerbForm(_Part):
    """Main verbs of one kind: may they open a paragraph, is someone asked, may they open a further half of one.

    ``form`` is one verb, ``any`` are several.
    """

    form: str = ""
    any: tuple[str, ...] = ()
    asks: bool = False
    then: str = ""
    opens: bool = True
    further: Literal["always", "joined", "never"] = "always"

    @property
    def forms(self) -> tuple[str, ...]:
        return self.any or (self.form,)

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """These verbs and nothing else, in either case."""
        return re.compile("|".join(self.forms), re.IGNORECASE)

    @cached_property
    def after(self) -> re.Pattern[str]:
        """The words that must follow whom it names; any if there is no such condition."""
        return re.compile(self.then)


class Verbs(_Part):
    """The verbs with what may stand before them, and adverbs ``after`` them that belong to the phrase."""

    modifiers: tuple[str, ...]
    manner: str
    after: str = ""
    connectors: tuple[str, ...]
    forms: tuple[VerbForm, ...]


class Keyed(_Part):
    """Words for an addressee and the key of the register."""

    key: str
    pattern: str


class Addressees(_Part):
    """Whom a verb may ask, in order of trial."""

    before: str
    joins: str
    not_followed_by: str
    keyed: tuple[Keyed, ...]
    heads: str
    never: str
    possessors: str


class OtherCitation(_Part):
    """A citation of another kind with its canonical form."""

    pattern: str
    canonical: str


class Citations(_Part):
    """How the language cites resolutions, and whose they are.

    ``noun_first``: the noun stands before its list of numbers, not after the last one. ``body_after``: how a body is
    named behind the list.
    """

    and_words: tuple[str, ...]
    nouns: Mapping[str, str]
    noun_first: bool = False
    body_after: str = ""
    open: str
    close: str
    joins: str
    between: str
    default: str
    bodies: tuple[Organ, ...]
    foreign: str
    other: tuple[OtherCitation, ...]


class Concepts(_Part):
    """What paragraphs are about: a key the same in every language, and a pattern for folded text (``concepts.folded``).

    ``begins`` stands before each pattern: where words are spaced and take no article in one piece, a word begins there.
    ``names_begin`` stands before the names of States and treaties, which then end where a word ends; empty where words
    are not spaced.
    """

    begins: str = ""
    names_begin: str = ""
    words: Mapping[str, str] = {}


class Language(_Part):
    """All that the reader knows of one language. Build with ``Language.parse``; patterns come compiled."""

    language: str
    name: str
    writing: Writing
    numbers: Numbers
    organs: tuple[Organ, ...]
    header: HeaderPatterns
    furniture: tuple[str, ...]
    footnotes: FootnoteWords
    verbs: Verbs
    addressees: Addressees
    treaties: Mapping[str, tuple[str, ...]]
    citations: Citations
    acts: Mapping[str, str] = {}
    concepts: Concepts = Concepts()
    states: Mapping[str, tuple[str, ...]]

    def __hash__(self) -> int:
        return hash(self.language)

    @classmethod
    def parse(cls, data: object) -> Language:
        """A language from the plain mapping of its data file; refused with every problem, a bad pattern included."""
        try:
            language = cls.model_validate(data)
            for pattern in language._patterns():
                re.compile(pattern)
        except ValidationError as error:
            places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise InvalidLanguage(
                f"the language file is not in order: {places}. Compare it with one that is read."
            ) from None
        except re.error as error:
            raise InvalidLanguage(
                f"the language file has a pattern that does not compile: {error.pattern!r} ({error})"
            ) from None
        return language

    def _patterns(self) -> Iterable[str]:
        header = (p for v in self.header.model_dump().values() if isinstance(v, tuple) for p in v)
        yield from map(self.filled, header)
        yield from (self.filled(k.pattern) for k in self.addressees.keyed)
        yield from (form for f in self.verbs.forms for form in f.forms)
        yield from (self.numbers.label, *self.numbers.other_labels)
        yield from (*self.concepts.words.values(), *self.acts.values())
        yield from (*self.furniture, *self.numbers.item_labels, *(o.pattern for o in self.citations.other))

    def filled(self, pattern: str) -> str:
        """A pattern of the data file with its {date}, {number}, {treaty} and {state} put in."""
        for name, value in self._fillings.items():
            pattern = pattern.replace("{" + name + "}", value)
        return pattern

    def compiled(self, pattern: str) -> re.Pattern[str]:
        """A pattern of the data file, filled and compiled, once for each language."""
        known = self._compiled
        if pattern not in known:
            known[pattern] = re.compile(self.filled(pattern))
        return known[pattern]

    @cached_property
    def _compiled(self) -> dict[str, re.Pattern[str]]:
        return {}

    @cached_property
    def _fillings(self) -> Mapping[str, str]:
        treaty = alternatives(name for names in self.treaties.values() for name in names)
        state = alternatives(name for names in self.states.values() for name in names).replace("'", "['’]")
        return {
            "date": f"(?:{self.header.date})",  # its own {number} and {month} are put in by those below
            "number": self.header.number,
            "month": f"(?i:{alternatives(self.header.months)})" if self.header.months else "",
            "treaty": f"《?{treaty}》?",
            "state": state,
        }

    @cached_property
    def label(self) -> re.Pattern[str]:
        """The printed number of an operative paragraph at the beginning of its line; group ``n``."""
        return re.compile(self.numbers.label)

    @cached_property
    def with_other_labels(self) -> tuple[Language, ...]:
        """This language once for each other way in which operative paragraphs are numbered, in order of trial."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return tuple(
            Language(**(values | {"numbers": self.numbers.model_copy(update={"label": label, "other_labels": ()})}))
            for label in self.numbers.other_labels
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the organization and of its organs, as they stand alone on a line."""
        return frozenset([*self.header.masthead, *(name for organ in self.organs for name in organ.names)])

    @cached_property
    def initials(self) -> tuple[str, ...]:
        """The characters with which those names begin."""
        return tuple({name[0] for name in self.names})

    @cached_property
    def date(self) -> re.Pattern[str]:
        return self.compiled("{date}")

    @cached_property
    def organ(self) -> re.Pattern[str]:
        """The line on which a body begins to speak; group ``organ`` is the body, layout spaces and all."""
        names = "|".join(self._spread(name) for o in self.organs for name in o.names)
        speaks = self.header.speaks or rf"{{organ}}\s{{0,3}}[{re.escape(self.writing.clause_ends)}]"
        return re.compile(speaks.replace("{organ}", f"(?P<organ>{names})"))

    def _spread(self, name: str) -> str:
        """A name with layout spaces: between words, or between any two characters where words take none."""
        if self.spaced:
            return r"\s{1,3}".join(map(re.escape, name.split()))
        return r"\s{0,3}".join(map(re.escape, name))

    @cached_property
    def organ_in_line(self) -> re.Pattern[str]:
        """A body that speaks, with other text on its line: words of a header before it, or a paragraph after it."""
        name, space = unnamed(self.organ.pattern), r"[ \t\u3000]"
        after = rf"(?:\Z|(?=\r?\n)|{space}{{0,9}}(?={unnamed(self.opener.pattern)}))"
        return re.compile(rf"(?:^|(?<=\s\s)|(?<=\s))(?P<organ>{name}){after}", re.MULTILINE)

    @cached_property
    def opener(self) -> re.Pattern[str]:
        """A main verb that may open a paragraph: groups ``before`` (modifiers, manner) and ``form``."""
        capital = f"(?=[{self.writing.capitals}])" if self.writing.capitals else ""
        return re.compile(capital + self._phrase(form for f in self.verbs.forms if f.opens for form in f.forms))

    @cached_property
    def lead(self) -> re.Pattern[str]:
        """Words that may stand before the opening verb and are no part of it: in this regard, to this end."""
        return re.compile(
            f"(?:{'|'.join(self.verbs.connectors)}){{1,2}}[{re.escape(self.writing.clause_ends)}]?", re.IGNORECASE
        )

    @cached_property
    def further(self) -> re.Pattern[str]:
        """A main verb at the beginning of a clause within a paragraph; also group ``connect``."""
        ends = re.escape(self.writing.clause_ends + self.writing.item_ends)
        lower = f"(?![{self.writing.capitals}])" if self.writing.capitals else ""
        connect = f"(?P<connect>(?:{'|'.join(self.verbs.connectors)}){{0,3}})"
        forms = (form for f in self.verbs.forms if f.further != "never" for form in f.forms)
        return re.compile(rf"[{ends}]\s?{lower}{connect}{self._phrase(forms)}")

    @lru_cache(maxsize=1024)  # noqa: B019 - a language lives as long as the program
    def forms_of(self, words: str) -> tuple[VerbForm, ...]:
        """The forms that these words are, without their adverbs."""
        return tuple(form for form in self.verbs.forms if form.whole.fullmatch(words))

    @cached_property
    def quotes(self) -> re.Pattern[str]:
        return re.compile("|".join(self.writing.quotes))

    def _phrase(self, forms: Iterable[str]) -> str:
        longest_first = sorted(set(forms), key=lambda form: (-len(form), form))
        before = f"(?:{by_first_letter(self.verbs.modifiers)}){{0,3}}(?:{self.verbs.manner})?"
        phrase = f"(?P<before>{before})(?P<form>{by_first_letter(longest_first)})(?P<after>{self.verbs.after})"
        return f"(?i:{phrase})"

    @cached_property
    def addressee_patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Keys with the words for them, in order of trial."""
        before = self.addressees.before
        return tuple((k.key, re.compile(f"{before}(?:{self.filled(k.pattern)})")) for k in self.addressees.keyed)

    @cached_property
    def addressee_joins(self) -> re.Pattern[str]:
        return re.compile(self.addressees.joins)

    @cached_property
    def addressee_ends_not(self) -> re.Pattern[str]:
        return re.compile(self.addressees.not_followed_by)

    @cached_property
    def unknown_addressee(self) -> re.Pattern[str]:
        w, a = self.writing, self.addressees
        stops = re.escape(w.clause_ends + w.item_ends + w.opening_ends + w.sentence_ends)
        return re.compile(f"(?!{a.never})[^{stops}]{{0,40}}?(?:{a.heads})(?!{a.possessors}|{a.heads})")

    @cached_property
    def spaced(self) -> bool:
        """True if words are parted by spaces."""
        return not self.writing.tight

    @cached_property
    def _tight(self) -> str:
        return f"[{self.writing.tight}]" if self.writing.tight else _NEVER

    @cached_property
    def wide(self) -> re.Pattern[str]:
        return re.compile(self._tight)

    @cached_property
    def emphasis(self) -> str:
        """Markdown emphasis beside a character that takes no space, or a word: never part of the text."""
        if self.spaced:
            return r"(?<![\w*])[*_]{1,3}(?=[^\W_])|(?<=[^\W_])[*_]{1,3}(?![\w*])|(?<=[.,;:)])[*_]{1,3}(?![\w*])"
        return rf"(?<![*_])[*_]+(?={self._tight})|(?<={self._tight})[*_]+"

    @cached_property
    def seam(self) -> re.Pattern[str]:
        """Where another paragraph begins inside a line (group ``next``): a number with a verb, after an end."""
        ends = re.escape(self.paragraph_ends)
        label, opener, bold = unnamed(self.numbers.label), unnamed(self.opener.pattern), "[*_]{0,3}"
        return re.compile(rf"[{ends}][ \t]{{0,4}}(?P<next>{bold}{label}{bold}{opener})")

    @cached_property
    def furniture_line(self) -> re.Pattern[str]:
        return re.compile("|".join(self.furniture))

    @cached_property
    def item_label(self) -> re.Pattern[str]:
        """The label of a sub-item at the beginning of a line."""
        return re.compile("|".join(unnamed(pattern) for pattern in self.numbers.item_labels))

    @cached_property
    def item_labels(self) -> tuple[re.Pattern[str], ...]:
        """The label of a sub-item of each kind (groups ``whole`` and ``label``), never the number of a resolution."""
        close = f"(?!{self.citations.close})" if self.citations.close else ""
        return tuple(re.compile(rf"[ \t]*(?P<whole>{pattern}){close}") for pattern in self.numbers.item_labels)

    @cached_property
    def before_item(self) -> re.Pattern[str]:
        """What stands before a sub-item within a paragraph: the end of a line or of a clause."""
        ends = re.escape(self.writing.item_ends + self.writing.opening_ends + self.writing.clause_ends)
        return re.compile(rf"[\n{ends}](?=[ \t]*(?:{self.item_label.pattern}))")

    @cached_property
    def ends(self) -> str:
        """Characters that may end a paragraph."""
        w = self.writing
        return w.clause_ends + w.item_ends + w.opening_ends + w.sentence_ends

    @cached_property
    def plain_mark_at_end(self) -> re.Pattern[str]:
        """A plain number at the end of a text, after the end of a clause: the mark of a footnote."""
        return re.compile(rf"(?<=[{re.escape(self.ends)}])\s?\d{{1,3}}\Z")

    @cached_property
    def note_begins(self) -> re.Pattern[str]:
        return re.compile(self.footnotes.begins)

    @cached_property
    def not_before_mark(self) -> re.Pattern[str]:
        """Words at the end of a text that make a number after them part of the text."""
        return re.compile(self.footnotes.not_after)

    @cached_property
    def after_mark(self) -> re.Pattern[str]:
        return re.compile(self.footnotes.before)

    @cached_property
    def mark_beside_word(self) -> re.Pattern[str]:
        """A plain number that may be a mark where words take no space: not before a unit or a counter."""
        digits, counters = "[1-9][0-9]{0,2}", re.escape(self.numbers.counters)
        return re.compile(
            rf"(?<=[^\s\d./\-A-Za-z(（{self.numbers.ordinal}])\s?{digits}(?![\d./\-(（]|\s?[{counters}])"
            rf"|(?<=[A-Za-z)])\s{digits}(?=\s?{self._tight})"
        )

    @cached_property
    def paragraph_ends(self) -> str:
        """Characters that may end an operative paragraph: with one of these behind us, another may begin."""
        return self.writing.item_ends + self.writing.sentence_ends

    def compact(self, text: str) -> str:
        """Text without white space beside the characters that take none, other white space folded."""
        folded = " ".join(text.split())
        return folded if self.spaced else self._loose.sub("", folded)

    @cached_property
    def gap(self) -> str:
        """What parts two words."""
        return " " if self.spaced else ""

    def folded(self, text: str) -> str:
        """A line as the patterns of headers expect it: without white space, or with single spaces between words."""
        return self.gap.join(text.split())

    @cached_property
    def _loose(self) -> re.Pattern[str]:
        return re.compile(rf"(?<={self._tight}) | (?={self._tight})")


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first, so that no word hides a longer one."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=lambda w: (-len(w), w))))})"


def by_first_letter(patterns: Iterable[str]) -> str:
    """A pattern for any of these, in their order and in either case, that tries only those with the letter at hand.

    An expression skips an alternative at once only if a class of characters begins it. For use within ``(?i:``.
    """
    out: list[str] = []
    for plain, some in groupby(patterns, key=_begins_plainly):
        if not plain:
            out += some
            continue
        groups: dict[str, list[str]] = {}
        for pattern in some:
            groups.setdefault(pattern[0].lower(), []).append(pattern[1:])
        out += [f"(?-i:[{letter}{letter.upper()}])(?:{'|'.join(rests)})" for letter, rests in groups.items()]
    return "|".join(out)


def _begins_plainly(pattern: str) -> bool:
    """True if the pattern is one alternative that begins with a letter which is always there."""
    depth = 0
    for char in re.sub(r"\\.|\[[^\]]*\]", "", pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            return False
    return pattern[:1].isalpha() and len(pattern[0].upper()) == 1 and pattern[1:2] not in tuple("?*+{")


def unnamed(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)
