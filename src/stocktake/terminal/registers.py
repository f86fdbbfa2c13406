"""Chains of commitments and the statistics of a catalogue, in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from stocktake.register.chains import Chain, Step
from stocktake.register.commitments import Commitment
from stocktake.secretariat.registers import Statistics
from stocktake.terminal.console import printable


def print_chain(chain: Chain, lang: str, to: Console) -> None:
    """Oldest first: each commitment in our words, then what later texts did with it."""
    to.print(Text(printable(chain.end), style="bold"))
    if not chain.steps:
        to.print("No earlier commitment is recorded behind it.")
        return
    for commitment in chain.commitments:
        _print_commitment(commitment, lang, to)
        for step in chain.steps:
            if step.link.from_ == commitment.id:
                style = "yellow" if step.dilutes else "dim"
                to.print(Text(printable(f"     {_edge(step)} {step.link.to}{_mark(step)}"), style=style))
    for step in chain.steps:
        if step.earlier is None:
            to.print(Text(printable(f"     {step.link.from_} {_edge(step)} {step.link.to}{_mark(step)}"), style="dim"))
    links = f"{len(chain.steps)} links, {chain.diluted} of them weaker than what they take up"
    to.print(f"{links}, {sum(s.link.checked for s in chain.steps)} checked by a second reading")


def _print_commitment(c: Commitment, lang: str, to: Console) -> None:
    to.print(Text(printable(f"{c.year}  {c.id}"), style="bold"))
    state = c.validity if c.adopted else "not adopted"
    event = f": {c.event.in_(lang)} ({c.event_date})" if c.event else ""
    to.print(Text(printable(f"     {c.paraphrase.in_(lang)}")))
    seen = "checked" if c.checked else "not checked"
    to.print(Text(printable(f"     {c.force} · {state}{event} · seen: {c.seen}, {seen}"), style="dim"))


def _edge(step: Step) -> str:
    return f"-> {step.link.edge.value.replace('_', ' ')}"


def _mark(step: Step) -> str:
    clause = f" (clause {step.link.clause})" if step.link.clause else ""
    weaker = ", weaker" if step.dilutes else ""
    return f"{clause}{weaker}{', checked' if step.link.checked else ''}"


def print_statistics(found: Statistics, to: Console) -> None:
    """A heading a line, its counts after it; then the share of what carries verdicts that was checked."""
    for heading, counts in found.counts.items():
        listed = ", ".join(f"{n} {what}" for what, n in counts.items()) or "none"
        to.print(Text(f"{heading} ({sum(counts.values())})", style="bold"))
        to.print(Text(printable(f"  {listed}")))
    to.print(
        f"Of {found.carrying} statements that carry a verdict, {found.carrying_checked} were checked:"
        f" {100 * found.share_checked:.0f} %."
    )
