"""Signed notes, checkpoints and cosignatures in their one canonical form.

Sources: C2SP signed-note, tlog-checkpoint, tlog-cosignature (c2sp.org). Ed25519 has the algorithm byte 1, a timestamped
cosignature the byte 4. A log signs each checkpoint with both: the second says when.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stocktake.ledger.canonical import base64_of, decimal, from_base64
from stocktake.ledger.errors import Malformed, SignatureFails

ED25519, COSIGNATURE = 1, 4
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100


@dataclass(frozen=True)
class Verifier:
    """A public key under a name. ``public`` is 32 bytes."""

    name: str
    public: bytes

    def key_hash(self, algorithm: int = ED25519) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([algorithm]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """The form in which keys are handed round: ``name+hash+base64``."""
        return f"{self.name}+{self.key_hash().hex()}+{base64_of(bytes([ED25519]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """A key in the form in which it is handed round; witnesses hand theirs round as keys of cosignatures (4)."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise Malformed(f"{text[:60]!r} is no verifier key; the form is name+hash+base64")
        data = from_base64(parts[2], "verifier key")
        if len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
            raise Malformed("verifier key: 33 bytes that begin with 1 (Ed25519) or 4 (cosignatures by it) are expected")
        key = cls(key_name(parts[0]), data[1:])
        if key.key_hash(data[0]).hex() != parts[1]:
            raise Malformed("verifier key: its hash is not that of name and key")
        return key

    def verifies(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key under a name. ``seed`` is 32 bytes; keep it out of logs and pages."""

    name: str
    seed: bytes

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"


def key_name(text: str) -> str:
    if not text or len(text) > 200 or "+" in text or any(c.isspace() or not c.isprintable() for c in text):
        raise Malformed(f"{text[:60]!r} is no name of a key: printable, without space and plus")
    return text


@dataclass(frozen=True)
class Signature:
    """A line under a note: whose name, the hash of which key, the bytes."""

    name: str
    key_hash: bytes
    data: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64_of(self.key_hash + self.data)}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":
            raise Malformed(f"{line[:60]!r} is no signature line")
        data = from_base64(parts[2], "signature")
        if len(data) < 5:
            raise Malformed("signature: a key hash of 4 bytes and a signature are expected")
        return cls(key_name(parts[1]), data[:4], data[4:])


@dataclass(frozen=True)
class Note:
    """A text that ends with a line feed, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Strict: no control character but the line feed, at least one signature, nothing after the last."""
        if len(data) > MAX_NOTE:
            raise Malformed(f"note: more than {MAX_NOTE:,} bytes")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("note: not UTF-8") from None
        if any(ord(c) < 0x20 and c != "\n" for c in whole):
            raise Malformed("note: a control character")
        text, gap, lines = whole.rpartition("\n\n")
        if not gap or not text or not lines.endswith("\n"):
            raise Malformed("note: a text, an empty line and signature lines are expected")
        rows = lines[:-1].split("\n")
        if len(rows) > MAX_SIGNATURES:
            raise Malformed(f"note: more than {MAX_SIGNATURES} signatures")
        return cls(text + "\n", tuple(map(Signature.parse, rows)))

    def by(self, key: Verifier, algorithm: int = ED25519) -> Signature | None:
        """The signature line that claims to be by that key."""
        found = (s for s in self.signatures if (s.name, s.key_hash) == (key.name, key.key_hash(algorithm)))
        return next(found, None)

    def require(self, key: Verifier) -> None:
        """Raises SignatureFails unless the note bears a valid signature by the key."""
        signature = self.by(key)
        if signature is None:
            raise SignatureFails(f"the note is not signed by {key}")
        if not key.verifies(self.text.encode(), signature.data):
            raise SignatureFails(f"the signature by {key.name} does not fit the note")

    def time_by(self, key: Verifier) -> int | None:
        """Seconds since 1970 at which the key cosigned the note; None where it did not.

        Raises SignatureFails where a cosignature by the key is there and does not fit.
        """
        signature = self.by(key, COSIGNATURE)
        if signature is None:
            return None
        if len(signature.data) != 72:
            raise SignatureFails(f"the cosignature by {key.name} is not of 72 bytes")
        time = int.from_bytes(signature.data[:8], "big")
        if not key.verifies(_cosigned(self.text, time), signature.data[8:]):
            raise SignatureFails(f"the cosignature by {key.name} does not fit the note")
        return time

    def signed(self, signer: Signer) -> Note:
        key = signer.verifier
        line = Signature(key.name, key.key_hash(), signer.sign(self.text.encode()))
        return replace(self, signatures=(*self.signatures, line))

    def cosigned(self, signer: Signer, time: int) -> Note:
        """The note with a timestamped cosignature; an earlier one by the same key makes room for it."""
        key = signer.verifier
        data = time.to_bytes(8, "big") + signer.sign(_cosigned(self.text, time))
        line = Signature(key.name, key.key_hash(COSIGNATURE), data)
        kept = (s for s in self.signatures if (s.name, s.key_hash) != (line.name, line.key_hash))
        return replace(self, signatures=(*kept, line))


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, the size of its tree, the root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Three lines and none after them; a size with a leading zero is refused, not repaired."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise Malformed("checkpoint: three lines are expected: origin, size, root")
        data = from_base64(lines[2], "root of the checkpoint")
        if len(data) != 32:
            raise Malformed("checkpoint: the root has 32 bytes")
        return cls(key_name(lines[0]), decimal(lines[1], "size of the checkpoint"), data)


def signed_checkpoint(point: Checkpoint, signer: Signer, time: int | None) -> Note:
    """The checkpoint signed by its log; with a time, dated by it too."""
    note = Note(point.text, ()).signed(signer)
    return note if time is None else note.cosigned(signer, time)
