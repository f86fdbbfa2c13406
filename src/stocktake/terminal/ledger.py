"""What an audit found, and what a bundle proves, in a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict

from stocktake.ledger.audit import Audit
from stocktake.ledger.notes import Checkpoint
from stocktake.ledger.proofs import Bundle
from stocktake.ledger.records import RECORD_TYPE, Record
from stocktake.terminal.console import console, printable


def print_audit(found: Audit) -> None:
    """A line a finding, its evidence indented; then the keys that no longer file; the audit's one line last."""
    to = console()
    for f in found.found:
        to.print(f"{f.sort.value}: {printable(f.where)}: {printable(f.message)} [{f.code}]", soft_wrap=True)
        for line in f.evidence.splitlines():
            to.print(f"    {printable(line)}", soft_wrap=True)
    for key in found.roster.keys.values():
        if key.revoked_at is not None:
            name, at = printable(key.verifier.name), key.revoked_at
            to.print(f"note: the key of {name} ({key.role}) was revoked by record {at}; what it filed before is valid")
    to.print(printable(found.line), soft_wrap=True)


def audit_json(found: Audit) -> str:
    """``stocktake.ledger-audit/1``."""
    return json.dumps(
        {
            "format": "stocktake.ledger-audit/1",
            "origin": found.origin,
            "size": found.size,
            "checkpoint": found.checkpoint,
            "holds": found.holds,
            "line": found.line,
            "found": [asdict(f) for f in found.found],
        },
        ensure_ascii=False,
        indent=1,
    )


def print_bundle(bundle: Bundle, point: Checkpoint, *, own_key: bool) -> None:
    """What the bundle proves, and what it does not."""
    to = console()
    what = "a record whose content was removed"
    if bundle.record is not None:
        what = f"a record of {bundle.entry.media_type}"
        if bundle.entry.media_type == RECORD_TYPE:
            record = Record.parse(bundle.record)
            what = f"a {record.kind} by {record.speaker}"
    text = f"Holds: {what} is number {bundle.proof.index} of the {point.size} records of {point.origin}."
    to.print(printable(text), soft_wrap=True)
    if own_key:
        to.print("The key in the bundle was used: give --vkey with one that you trust.")
