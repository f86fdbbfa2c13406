"""Achieve, act by a date, abstain, disclose: duties whose measure is what happened, not how much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stocktake.assessment.findings import CONTRADICT, EVIDENCE_ONLY, NO_DATA, UNDETERMINED, Outcome
from stocktake.evidence.archive import Archive, carries, is_numeric
from stocktake.evidence.statements import SILENT, Form, Statement
from stocktake.register.indicators import Indicator
from stocktake.register.policy import Rules
from stocktake.terms.dates import PartialDate
from stocktake.terms.provenance import SpeakerKind, Verification

# The act of a statement that says that a State gives no figure, without a refusal in its own words.
NOT_REPORTED = "not-reported"


def weigh_status(indicator: Indicator, statements: Sequence[Statement]) -> Outcome:
    """The verdict word of the latest act; two acts of the same day that disagree are ``data contradict``."""
    acts = [s for s in statements if s.act in indicator.acts]
    usable = [s for s in acts if carries(s)]
    if not usable:
        return Outcome(UNDETERMINED, NO_DATA, not_chosen=tuple(acts))
    last = max(s.as_of for s in usable)
    latest = [s for s in usable if s.as_of.first == last.first]
    words = {indicator.acts[s.act or ""] for s in latest}
    rest = tuple(s for s in acts if s not in latest)
    if len(words) > 1:
        return Outcome(UNDETERMINED, CONTRADICT, evidence=tuple(latest), not_chosen=rest)
    return Outcome(words.pop(), value=latest[-1], evidence=tuple(latest), not_chosen=rest)


def weigh_deadline(indicator: Indicator, statements: Sequence[Statement], rules: Rules, *, as_of: date) -> Outcome:
    """``met`` when the act is on record inside the window, ``late`` when only after it.

    A missing record is not a missed deadline: after the window it is undetermined without a statement. While the time
    still runs, it is ``pending`` from version 2 of the rules on.
    """
    opens = PartialDate.parse(indicator.from_ or "0001").first
    closes = PartialDate.parse(indicator.deadline or "9999").last
    acts = [s for s in statements if s.act in indicator.acts]
    usable = [s for s in acts if carries(s) and s.as_of.first >= opens]
    inside = [s for s in usable if s.as_of.first <= closes]
    chosen = inside or usable
    if not chosen and rules.pending_before_deadline and as_of <= closes:
        return Outcome("pending", not_chosen=tuple(acts))
    if not chosen:
        return Outcome(UNDETERMINED, NO_DATA, not_chosen=tuple(acts))
    word = indicator.acts[chosen[-1].act or ""] if inside else "late"
    # What the actor itself filed shows more than what another concluded.
    value = max(chosen, key=lambda s: (s.verification is not Verification.INFERRED, s.as_of, s.id))
    return Outcome(word, value=value, evidence=tuple(chosen), not_chosen=tuple(s for s in acts if s not in chosen))


def weigh_abstention(statements: Sequence[Statement], rules: Rules, *, adopted: date, as_of: date) -> Outcome:
    """``broken`` by one counted act since adoption; ``kept`` only where a monitor covers the time and counts none.

    A count that ended earlier than the rules call current carries no verdict: it is listed, and the answer is open.
    From version 2 of the rules on, so is one that leaves out a year since adoption; and a count of none for the whole
    year of adoption is one for the rest of it.
    """
    counts = [s for s in statements if is_numeric(s)]
    since = [s for s in counts if carries(s) and s.as_of.first > adopted]
    acts = [s for s in since if s.interval is not None and s.interval.low is not None and s.interval.low > 0]
    begun = counts if rules.year_of_adoption_counts else since
    none = [s for s in begun if carries(s) and s.as_of.last > adopted and s.interval and s.interval.high == 0]
    chosen = acts or none
    rest = tuple(s for s in counts if s not in chosen)
    if not chosen:
        return Outcome(UNDETERMINED, NO_DATA, not_chosen=rest)
    last = max(chosen, key=lambda s: (s.as_of.last, s.id))
    gaps = not acts and rules.count_covers_every_year and _years_left_out(none, adopted)
    if not acts and (gaps or not is_current(last, as_of, rules.current_years)):
        return Outcome(UNDETERMINED, NO_DATA, value=last, evidence=tuple(chosen), not_chosen=rest)
    return Outcome("broken" if acts else "kept", value=last, evidence=tuple(chosen), not_chosen=rest)


def _years_left_out(counts: Sequence[Statement], adopted: date) -> bool:
    """Whether the counts leave out a whole year between adoption and the last of them."""
    covered = {year for s in counts for year in range(s.as_of.first.year, s.as_of.last.year + 1)}
    return not covered >= set(range(adopted.year + 1, max(covered) + 1))


def weigh_disclosure(statements: Sequence[Statement], archive: Archive, rules: Rules, *, as_of: date) -> Outcome:
    """Whether the State now makes its own figure public: done, lapsed, withdrawn, or pending.

    A figure that was public and has grown old has lapsed; a refusal after a disclosure is a withdrawal; a State that
    never gave a figure is pending. What was said after ``as_of`` was not public then.
    """
    known = [s for s in statements if carries(s) and said_on(s) <= as_of]
    spoken = [s for s in known if s.form in SILENT or s.act == NOT_REPORTED or _own_number(s, archive)]
    if not spoken:
        return Outcome(UNDETERMINED, NO_DATA, not_chosen=tuple(statements))
    ordered = sorted(spoken, key=lambda s: (said_on(s), s.form in SILENT, s.as_of, s.id))
    last = ordered[-1]
    disclosed = [s for s in ordered if is_numeric(s)]
    if is_numeric(last):
        word, rests_on = ("done" if is_current(last, as_of, rules.current_years) else "lapsed"), [last]
    else:
        was_public = last.form is Form.WITHDRAWN or bool(disclosed)
        word, rests_on = ("withdrawn" if was_public else "pending"), [last, *disclosed[-1:]]
    evidence = tuple(sorted(rests_on, key=lambda s: (s.as_of, s.id)))
    left = tuple(s for s in statements if s not in rests_on)
    return Outcome(word, value=last, evidence=evidence, not_chosen=left)


def record(indicator: Indicator, statements: Sequence[Statement], *, adopted: date) -> Outcome:
    """Evidence, no verdict: what is stated, with the figure at adoption (or the first since) and the latest.

    Numbers are set side by side only within one series; they are not called a change. Counts of single years since
    adoption are all listed, and none is set beside another.
    """
    usable = [
        s for s in statements if carries(s) and (not indicator.verification or s.verification in indicator.verification)
    ]
    if indicator.yearly:
        usable = [s for s in usable if s.as_of.last > adopted]
    rest = tuple(s for s in statements if s not in usable)
    if not usable:
        return Outcome(UNDETERMINED, NO_DATA, not_chosen=rest)
    if indicator.yearly:
        return Outcome(None, EVIDENCE_ONLY, evidence=tuple(usable), not_chosen=rest)
    baseline, value = _before_and_after([s for s in usable if is_numeric(s)], indicator, adopted)
    return Outcome(None, EVIDENCE_ONLY, baseline=baseline, value=value, evidence=tuple(usable), not_chosen=rest)


def _before_and_after(
    figures: Sequence[Statement], indicator: Indicator, adopted: date
) -> tuple[Statement | None, Statement | None]:
    if not figures:
        return None, None

    def latest(rows: Sequence[Statement]) -> Statement:
        return max(rows, key=lambda s: (s.as_of, str(s.vintage or ""), s.id))

    by_series: dict[str, list[Statement]] = {}
    for s in figures:
        by_series.setdefault(s.series or f"{s.speaker}:{s.quantity}", []).append(s)
    preferred = [by_series[name] for name in indicator.prefer if name in by_series]
    for rows in preferred or sorted(by_series.values(), key=lambda rows: latest(rows).as_of, reverse=True):
        before = [s for s in rows if s.as_of.first <= adopted]
        first, value = latest(before) if before else min(rows, key=lambda s: (s.as_of, s.id)), latest(rows)
        if first.as_of != value.as_of:
            return first, value
    return None, latest(preferred[0] if preferred else figures)


def is_current(statement: Statement, as_of: date, years: int) -> bool:
    """Whether what is stated reaches to within so many years of ``as_of``.

    An older figure no longer lets anyone follow progress regularly (op 20), and a count that ends earlier says nothing
    of today.
    """
    return statement.as_of.last >= as_of.replace(year=as_of.year - years, day=min(as_of.day, 28))


def _own_number(s: Statement, archive: Archive) -> bool:
    return is_numeric(s) and s.form is not Form.CEILING and archive.speaker_kind(s) is SpeakerKind.SELF


def said_on(s: Statement) -> date:
    return (s.stated_on or s.as_of).first
