"""Drawing the sample so that neither side chooses it: joint randomness by commitment and reveal.

1. Both sides agree on the list of items and on the sample size. 2. Each draws a secret of 32 random bytes and sends
its commitment. 3. When both have both commitments, each reveals its secret. 4. Anyone recomputes the sample: it follows
from the secrets, the list and the size. A side that does not know the other's secret cannot steer the sample; a side
that has seen it can only refuse to reveal its own, which is seen by all, and which the two should have agreed to count
as a refused inspection. A commitment names its party, the list and the size, and opens for nothing else.

Source: M. Blum, coin flipping by telephone (1983); SHA-256: FIPS 180-4. Parts are joined with their lengths before
them, so that different parts never give the same bytes. What the caller owes: secrets from a good source of
randomness, and commitments exchanged before any secret is.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stocktake.verification.errors import ImpossiblePlan

SECRET_BYTES = 32
_COMMIT, _SEED, _STREAM, _LIST = (b"stocktake.selection/1 " + w for w in (b"commit", b"seed", b"stream", b"items"))


@dataclass(frozen=True)
class Opening:
    """What a party reveals: its name, its secret and the commitment that it sent before."""

    party: str
    secret: bytes
    commitment: str


def digest_of(items: Sequence[str]) -> str:
    """SHA-256 of the item names in order of their code points; refused where the list is empty or names one twice."""
    if not items:
        raise ImpossiblePlan("the list of items is empty.")
    if len(set(items)) != len(items):
        twice = Counter(items).most_common(1)[0][0]
        raise ImpossiblePlan(f"the item {twice!r} stands twice in the list; each item needs a name of its own.")
    return _hash(_LIST, *(i.encode() for i in sorted(items))).hex()


def commitment_of(party: str, secret: bytes, items: Sequence[str], size: int) -> str:
    """The commitment of a party to its secret, for this list of items and this sample size; hexadecimal."""
    if not party.strip():
        raise ImpossiblePlan("a party needs a name.")
    if len(secret) != SECRET_BYTES:
        raise ImpossiblePlan(f"a secret has {SECRET_BYTES} bytes, this one {len(secret)}.")
    if not 0 < size <= len(items):
        raise ImpossiblePlan(f"a sample of {size} out of {len(items)} items: give 1 to {len(items)}.")
    return _hash(_COMMIT, party.encode(), bytes.fromhex(digest_of(items)), str(size).encode(), secret).hex()


def draw(items: Sequence[str], size: int, openings: Sequence[Opening]) -> tuple[str, ...]:
    """The sample, in the order in which it was drawn; neither the order of the list nor of the parties matters.

    Raises ImpossiblePlan where fewer than two parties took part, or a secret does not open its commitment.
    """
    if len({o.party for o in openings}) < 2 or len({o.party for o in openings}) != len(openings):
        raise ImpossiblePlan("a joint draw needs the openings of two or more parties, each once.")
    for o in openings:
        if commitment_of(o.party, o.secret, items, size) != o.commitment:
            raise ImpossiblePlan(
                f"the secret of {o.party!r} does not open its commitment {o.commitment[:16]}… for this list and size. "
                "Compare the list of items and the sample size with those agreed; if they are the same, it was changed."
            )
    parts = (part for o in sorted(openings, key=lambda o: o.party) for part in (o.party.encode(), o.secret))
    seed = _hash(_SEED, bytes.fromhex(digest_of(items)), str(size).encode(), *parts)
    return _first(sorted(items), size, _stream(seed))


def _first(items: list[str], size: int, stream: Iterator[bytes]) -> tuple[str, ...]:
    """Fisher and Yates' shuffle, stopped after ``size`` items."""
    for place in range(size):
        other = place + _uniform(len(items) - place, stream)
        items[place], items[other] = items[other], items[place]
    return tuple(items[:size])


def _uniform(count: int, stream: Iterator[bytes]) -> int:
    """0..count - 1, each equally likely: numbers in the incomplete last round are thrown away."""
    limit = 2**256 - 2**256 % count
    while (number := int.from_bytes(next(stream), "big")) >= limit:
        pass
    return number % count


def _stream(seed: bytes) -> Iterator[bytes]:
    counter = 0
    while True:
        yield _hash(_STREAM, seed, counter.to_bytes(8, "big"))
        counter += 1


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(len(p).to_bytes(8, "big") + p for p in parts)).digest()
