"""Our canonical JSON is that of software that we did not write: npm's canonicalize, byte for byte."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from stocktake.ledger.canonical import canonical

RUN = Path(__file__).parent / "canonicalize" / "run.js"
PARTS = Path(sys.prefix) / "npm" / "node_modules"
# Where the order of keys by UTF-16 differs from that by code point; what must be escaped, and what must not.
CHARACTERS = 'az09 é中"\\/\b\f\n\r\t\x00\x1f\x7f\x80\u2028\u2029\ud7ff\ue000\ufb33\uffff\U0001f600\U00010000\U0010ffff'


@pytest.fixture(scope="session")
def node() -> str:
    """Node with the package; missing, it fails in CI, else skips aloud."""
    found = shutil.which("node")
    if found and (PARTS / "canonicalize").is_dir():
        return found
    message = "SKIPPED, NOT PASSED: no npm canonicalize; install nodejs and npm, then: make setup"
    if os.environ.get("CI"):
        pytest.fail(message)
    warnings.warn(message, stacklevel=1)
    pytest.skip(message)


def document(chance: random.Random, depth: int = 0) -> Any:
    """Any JSON value: deep, odd in its strings, at the edges of what numbers hold."""
    match chance.randrange(6) if depth < 5 else chance.randrange(4):
        case _ if depth == 0:
            return {_text(chance): document(chance, 1) for _ in range(8)}
        case 0:
            return _text(chance)
        case 1:
            return _integer(chance)
        case 2:
            return _real(chance)
        case 3:
            return chance.choice([None, True, False])
        case 4:
            return [document(chance, depth + 1) for _ in range(chance.randrange(6))]
        case _:
            return {_text(chance): document(chance, depth + 1) for _ in range(chance.randrange(8))}


def _text(chance: random.Random) -> str:
    return "".join(chance.choices(CHARACTERS, k=chance.randrange(6)))


def _integer(chance: random.Random) -> int:
    return chance.choice([0, -1, 2**53 - 1, 1 - 2**53, chance.randrange(-(10**6), 10**6)])


def _real(chance: random.Random) -> float:
    edges = [0.0, -0.0, 5e-324, 1.7976931348623157e308, 1e21, 1e20, 1e-6, 1e-7, 333333333.33333329, 9007199254740992.0]
    return chance.choice([*edges, chance.uniform(-1, 1) * 10.0 ** chance.randrange(-30, 30)])


def test_500_documents_have_the_same_bytes(node: str) -> None:
    chance = random.Random(8785)
    documents = [document(chance) for _ in range(500)]
    given = "".join(json.dumps(value) + "\n" for value in documents)
    done = subprocess.run(
        [node, RUN], input=given.encode(), env=os.environ | {"NODE_PATH": str(PARTS)}, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    theirs = done.stdout.split(b"\n")[:-1]
    assert len(theirs) == 500
    for value, expected in zip(documents, theirs, strict=True):
        assert canonical(value) == expected
