"""Coverage-guided fuzzing of the parsers, by hand: pip install atheris; python -m tests.ledger.fuzz_parsers FOLDER
-max_total_time=600. What it finds goes into test_parsers.py for good."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["stocktake"]):
    from stocktake.ledger.errors import LedgerError
    from tests.ledger.parsers import PARSERS, samples


def one(data: bytes) -> None:
    """Each parser refuses the bytes, or takes them as the only spelling of what they say."""
    if data:
        parse: Callable[[bytes], bytes] = PARSERS[data[0] % len(PARSERS)]
        try:
            again = parse(data[1:])
        except LedgerError:
            return
        assert again == data[1:], "another spelling was taken"


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        corpus = Path(sys.argv[1])
        corpus.mkdir(exist_ok=True)
        for n, sample in enumerate(samples(Path(name))):
            (corpus / f"sample{n}").write_bytes(bytes([n % len(PARSERS)]) + sample)
        atheris.Setup(sys.argv, one)
        atheris.Fuzz()
