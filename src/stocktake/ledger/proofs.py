"""Proof bundles: a record, its entry, the way to the root and the checkpoint, in one file that needs nothing else.

The proof inside is a C2SP tlog-proof (c2sp.org/tlog-proof); around it stand the bytes of record and entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from stocktake.ledger.canonical import base64_of, canonical, decimal, from_base64, parse_canonical
from stocktake.ledger.errors import Malformed, ProofFails
from stocktake.ledger.merkle import HASH_SIZE, inclusion_proof, leaf_hash, verify_inclusion
from stocktake.ledger.notes import Checkpoint, Note, Verifier
from stocktake.ledger.records import Entry, key_id
from stocktake.ledger.tiles import Read, nodes, read_entry

BUNDLE = "stocktake.proof-bundle/1"
_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Proof:
    """Where a leaf stands, its path from the leaf up, and the checkpoint to which the path leads."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note

    def __str__(self) -> str:
        hashes = "".join(f"{base64_of(h)}\n" for h in self.path)
        return f"{_HEAD}\nindex {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Proof:
        head, gap, note = text.partition("\n\n")
        lines = head.split("\n")
        if not gap or lines[0] != _HEAD or len(lines) < 2 or not lines[1].startswith("index "):
            raise Malformed(f"proof: {_HEAD}, an index, hashes, an empty line and a checkpoint are expected")
        path = tuple(from_base64(line, "hash of the proof") for line in lines[2:])
        if any(len(h) != HASH_SIZE for h in path) or len(path) > 63:
            raise Malformed("proof: at most 63 hashes of 32 bytes are expected")
        return cls(decimal(lines[1].removeprefix("index "), "index of the proof"), path, Note.parse(note.encode()))


@dataclass(frozen=True)
class Bundle:
    """A record that can be checked offline. ``record`` is None where its content was removed by law."""

    record: bytes | None
    entry: Entry
    proof: Proof
    signer: bytes
    vkey: str

    def __bytes__(self) -> bytes:
        return canonical(
            {
                "format": BUNDLE,
                "record": None if self.record is None else base64_of(self.record),
                "entry": base64_of(self.entry.data),
                "proof": str(self.proof),
                "signer": base64_of(self.signer),
                "vkey": self.vkey,
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Bundle:
        match parse_canonical(data, "bundle"):
            case {
                "format": str(form), "record": str() | None as record, "entry": str(entry), "proof": str(proof),
                "signer": str(signer), "vkey": str(vkey), **rest,
            } if form == BUNDLE and not rest:  # fmt: skip
                content = None if record is None else from_base64(record, "record")
                parts = Entry.parse(from_base64(entry, "entry")), Proof.parse(proof), from_base64(signer, "signer")
                return cls(content, *parts, vkey)
            case _:
                raise Malformed(f"bundle: {BUNDLE} with record, entry, proof, signer and vkey is expected")

    def verify(self, key: Verifier) -> Checkpoint:
        """The checkpoint that proves the record; raises where any part does not fit.

        Not shown by a bundle, and owed by the audit of the log: that the signer's key was good when it filed.
        """
        self.proof.checkpoint.require(key)
        point = Checkpoint.parse(self.proof.checkpoint.text)
        if point.origin != key.name:
            raise ProofFails(f"the checkpoint is of {point.origin}, the key of {key.name}")
        verify_inclusion(leaf_hash(self.entry.data), self.proof.index, point.size, self.proof.path, point.root)
        if key_id(self.signer) != self.entry.signer:
            raise ProofFails("the signer's key in the bundle is not the one that the entry names")
        self.entry.require(self.signer)
        if self.record is not None and not self.entry.holds(self.record):
            raise ProofFails("the record is not the one that the entry names")
        return point


def prove(index: int, checkpoint: Note, read: Read) -> tuple[Entry, Proof]:
    """The entry at an index and its proof, from the files of the log."""
    point = Checkpoint.parse(checkpoint.text)
    entry = Entry.parse(read_entry(index, point.size, read))
    path = inclusion_proof(index, point.size, nodes(point.size, read))
    verify_inclusion(leaf_hash(entry.data), index, point.size, path, point.root)
    return entry, Proof(index, tuple(path), checkpoint)
