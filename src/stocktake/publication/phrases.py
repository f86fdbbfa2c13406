"""Names, numbers and dates as a language writes them; every pattern is data (phrases.yaml), none is in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import NUMERIC, Form, Statement
from stocktake.terms.dates import PartialDate
from stocktake.terms.states import State


@dataclass(frozen=True)
class Tongue:
    """One language of the site: its phrases, the names of States, and how it writes numbers and dates."""

    code: str
    phrases: Mapping[str, Any]
    states: Mapping[str, State]
    archive: Archive

    def of(self, table: str, key: str) -> str:
        """The phrase for a stable key; a key without a phrase is shown as it is, so that nothing is hidden."""
        return str(self.phrases[table].get(key, key))

    def page(self, key: str) -> str:
        return str(self.phrases["page"][key])

    def listed(self, items: list[str]) -> str:
        return self.of("forms", "comma").join(items)

    def subject(self, code: str) -> str:
        """UN short name of a State, or the name of a body or group, without article; for headings and tables."""
        if code in self.states:
            return self.states[code].name(self.code)
        for table in ("subjects", "groups"):
            if code in self.phrases[table]:
                return str(self.phrases[table][code])
        joined = [self.subject(part) for part in code.replace("+", "-").split("-") if part in self.states]
        return self.listed(joined) or code

    def quantity(self, id: str) -> str:
        """What is spoken of, in words; the id of a quantity that has none."""
        return self.of("quantities", id)

    def subject_in_text(self, code: str) -> str:
        """The same as it stands within a sentence, with its article where the language has one."""
        name = self.subject(code)
        if code in self.phrases["in_text"]:
            return self.of("in_text", code)
        return f"the {name}" if code in self.phrases["articles"] else name

    def owner(self, code: str) -> str:
        """The subject at the head of a sentence, as the owner of what follows: China's, the United States'."""
        name = self.subject_in_text(code)
        ending = self.of("possessive", "after_s" if name.endswith("s") else "else")
        return f"{name[0].upper()}{name[1:]}{ending}"

    def speaker(self, code: str) -> str:
        known = self.archive.speakers.get(code)
        return known.name(self.code) if known else self.subject(code)

    def number(self, value: Decimal) -> str:
        """A figure with thousands set apart and no trailing zeros: 12,241; 72.9."""
        plain = format(value.normalize(), "f")
        whole, _, part = plain.partition(".")
        sign = "−" if whole.startswith("-") else ""
        return f"{sign}{int(whole.lstrip('-')):,}{'.' + part if part else ''}"

    def signed(self, change: Decimal) -> str:
        """A change with its sign: +270; −2."""
        return f"+{self.number(change)}" if change > 0 else self.number(change)

    def share(self, value: Decimal, rounding: str = ROUND_HALF_UP) -> str:
        """A share as a percentage: whole from ten per cent, else to a tenth or a hundredth."""
        percent = abs(value) * 100
        step = Decimal(1) if percent >= 10 else Decimal("0.1") if percent >= 1 else Decimal("0.01")
        return self.of("forms", "percent").format(n=f"{percent.quantize(step, rounding).normalize():f}")

    def tolerance(self, value: Decimal) -> str:
        """A tolerance is cut, not rounded: the verdict must still hold at the figure shown."""
        return self.share(value, ROUND_DOWN)

    def known(self, at: Mapping[str, Any]) -> str:
        """What was known: a checkpoint of the log, or a day before it began, for which it is reconstructed."""
        if at["reconstructed"]:
            return f"{self.page('known')} {at['date']}{self.of('forms', 'colon')}{self.page('reconstructed')}"
        return f"{self.page('known_checkpoint')} {at['tree_size']:,}"

    def probability(self, p: float) -> str:
        """Two digits, which is what 10,000 draws can tell; never 0 or 1."""
        return "> 0.99" if p > 0.99 else "< 0.01" if p < 0.01 else f"{p:.2f}"

    def figure(self, s: Statement) -> str:
        """A stated figure in words of its form: a range as a range, a ceiling never as a number."""
        scale = Decimal(self.phrases["scales"].get(s.unit, 1))  # a language may count in other steps: 亿 is 0.1 billion
        low, best, high = (None if n is None else self.number(n * scale) for n in (s.low, s.best, s.high))
        match s.form:
            case Form.NUMBER:
                return best or ""
            case Form.RANGE | Form.CEILING | Form.FLOOR:
                return self.of("forms", s.form.value).format(low=low, high=high)
            case _:
                return self.text(s)

    def stated(self, s: Statement) -> str:
        """A statement as one line: a figure with its unit, else its text, with the day of a single event."""
        if s.form in NUMERIC:
            return " ".join(filter(None, (self.figure(s), self.unit(s.unit) or (s.unit or ""))))
        what = self.text(s) or s.act or s.form.value
        when = f"{self.of('forms', 'open')}{self.date(s.as_of)}{self.of('forms', 'close')}"
        return what + when if s.series_kind == "single" else what

    def occasion(self, s: Statement) -> str:
        """What it speaks of, of whom and, unless it is a single event, as of when."""
        when = [] if s.series_kind == "single" else [self.date(s.as_of)]
        return " · ".join((self.quantity(s.quantity), self.subject(s.subject), *when))

    def text(self, s: Statement) -> str:
        return str(getattr(s, f"text_{self.code}") or "")

    def verification(self, s: Statement) -> str:
        """How it is established; of an event, an act or a word, in the words that fit one."""
        own = s.verification.value if s.form in NUMERIC else f"{s.verification.value}-event"
        return self.of("verification", own if own in self.phrases["verification"] else s.verification.value)

    def unit(self, unit: str | None) -> str:
        return self.of("units", unit) if unit else ""

    def date(self, day: PartialDate) -> str:
        """2020; December 2020; 7 December 2020. 2020年12月7日."""
        pattern = ("year", "month", "day")[str(day).count("-")]
        month = self.phrases["months"][day.first.month - 1]
        return self.of("dates", pattern).format(y=day.first.year, month=month, d=day.first.day)
