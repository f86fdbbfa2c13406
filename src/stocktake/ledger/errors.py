"""What can be wrong with a log.

LedgerError
├── Malformed            bytes that are not in the one canonical form
│   └── Missing          a file that must be there and is not
├── ProofFails           a proof that does not lead to the root
├── SignatureFails       a signature that does not verify, or none by the key that was asked for
├── NotAllowed           a key that is unknown, expired, revoked or in the wrong role
├── SplitView            two checkpoints of one log that cannot both be true; carries both
├── ClockWentBackwards   an append dated before the last checkpoint
└── LogRefused           a place that cannot be written, or is being written by another (secretariat)

NoAnswer                 a place that does not say whether a file is there: no fault of the log, so no LedgerError
"""

from __future__ import annotations

from stocktake.terms.problems import StocktakeError


class LedgerError(StocktakeError):
    """Root of the errors of the log."""

    code = "ledger"


class Malformed(LedgerError):
    """Bytes that are not in the one canonical form; nothing is repaired."""

    code = "malformed"


class Missing(Malformed):
    """A file that must be there and is not."""

    code = "missing"


class ProofFails(LedgerError):
    """A proof that does not lead to the root."""

    code = "proof-fails"


class SignatureFails(LedgerError):
    """A signature that does not verify."""

    code = "signature-fails"


class NotAllowed(LedgerError):
    """A key that may not do this, or not now."""

    code = "not-allowed"


class SplitView(LedgerError):
    """Two signed checkpoints of one log that cannot both be true: the evidence against its operator."""

    code = "split-view"

    def __init__(self, why: str, one: str, other: str) -> None:
        self.one, self.other = one, other
        super().__init__(f"{why}\n--- the one:\n{one}--- the other:\n{other}Keep both: they prove it to anyone.")


class ClockWentBackwards(LedgerError):
    """An append dated before the last checkpoint."""

    code = "clock-went-backwards"


class NoAnswer(StocktakeError):
    """A server or disk that does not say whether a file is there, or what is in it: nobody can tell."""

    code = "no-answer"


class LogRefused(LedgerError):
    """A place that cannot be written."""

    code = "log-refused"
