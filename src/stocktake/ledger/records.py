"""Records and the entries that name them.

A *record* is canonical JSON (``stocktake.record/1``), or bytes of another media type that the log does not understand.
An *entry* is a leaf of the log: a DSSE envelope whose payload (``stocktake.entry/1``) names the record by SHA-256, size
and media type, and the key that filed it. Who said it (``speaker``) stands in the record, who filed it in the entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stocktake.ledger.canonical import base64_of, canonical, from_base64, identifier, parse_canonical, sha256
from stocktake.ledger.errors import Malformed, SignatureFails
from stocktake.ledger.notes import Signer, Verifier
from stocktake.ledger.tiles import MAX_ENTRY
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidTerm

RECORD, ENTRY = "stocktake.record/1", "stocktake.entry/1"
RECORD_TYPE, ENTRY_TYPE = "application/vnd.stocktake.record+json", "application/vnd.stocktake.entry+json"
ALGORITHM = "ed25519"
MAX_RECORD = 5_000_000
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Kind(StrEnum):
    """What a record is."""

    STATEMENT = "statement"
    REPORT = "report"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    REPLY = "reply"
    QUESTION = "question"
    RULE = "rule"
    REVIEW = "review"
    SEALED = "sealed-declaration"
    OPENING = "opening"
    CUSTODY = "custody-event"
    KEY = "key"


# What a record of this kind points to, and must; a pointer is the id of an earlier record.
POINTS = {
    Kind.CORRECTION: "supersedes",
    Kind.WITHDRAWAL: "supersedes",
    Kind.REPLY: "about",
    Kind.OPENING: "about",
}


@dataclass(frozen=True)
class Record:
    """A record and its bytes as they were signed; fields that we do not know stay in ``fields``."""

    data: bytes
    fields: dict[str, Any]

    @property
    def id(self) -> str:
        return record_id(self.data)

    @property
    def kind(self) -> Kind:
        return Kind(self.fields["kind"])

    @property
    def speaker(self) -> str:
        return str(self.fields["speaker"])

    @property
    def body(self) -> dict[str, Any]:
        return dict(self.fields["body"])

    @property
    def points_to(self) -> str | None:
        return self.fields.get("supersedes") or self.fields.get("about")

    @classmethod
    def make(cls, kind: Kind, speaker: str, body: dict[str, Any], **more: Any) -> Record:
        """A record in its canonical bytes; None among ``more`` is left out."""
        fields = {"format": RECORD, "kind": kind.value, "speaker": speaker, "body": body}
        return cls.parse(canonical(fields | {k: v for k, v in more.items() if v is not None}))

    @classmethod
    def parse(cls, data: bytes) -> Record:
        """Strict in what it knows, silent on what it does not; raises Malformed with every fault."""
        if len(data) > MAX_RECORD:
            raise Malformed(f"record: more than {MAX_RECORD:,} bytes")
        fields = parse_canonical(data, "record")
        faults = list(_faults(fields))
        if faults:
            raise Malformed("record: " + "; ".join(faults))
        return cls(data, fields)


def record_id(data: bytes) -> str:
    return identifier(RECORD, data)


def _faults(fields: dict[str, Any]) -> list[str]:
    faults = []
    if fields.get("format") != RECORD:
        faults.append(f"format is {RECORD}")
    if not isinstance(fields.get("kind"), str) or fields["kind"] not in set(Kind):
        return [*faults, f"kind is one of {', '.join(Kind)}"]
    kind = Kind(fields["kind"])
    if not isinstance(fields.get("speaker"), str) or not fields["speaker"]:
        faults.append("speaker says who said it")
    if not isinstance(fields.get("body"), dict):
        faults.append("body is an object")
    if "stated_on" in fields:
        try:
            PartialDate.parse(str(fields["stated_on"]))
        except InvalidTerm as error:
            faults.append(f"stated_on: {error}")
    for name in ("supersedes", "about"):
        if name in fields and not (isinstance(fields[name], str) and _DIGEST.fullmatch(fields[name])):
            faults.append(f"{name} is the id of a record: 64 hex digits")
    needed = POINTS.get(kind)
    if needed and needed not in fields:
        faults.append(f"a {kind} names the record that it is about ({needed})")
    if kind is Kind.WITHDRAWAL and not fields.get("reason"):
        faults.append("a withdrawal has a reason")
    if "supersedes" in fields and needed != "supersedes":
        faults.append(f"a {kind} supersedes nothing; file a correction or a withdrawal")
    return [*faults, *_quantities(fields)]


def _quantities(value: Any, at: str = "") -> list[str]:
    """A number beside a unit is a decimal string."""
    faults = []
    if isinstance(value, dict):
        for key, part in value.items():
            figure = "unit" in value and key in ("value", "low", "best", "high") and part is not None
            if figure and not (isinstance(part, str) and _DECIMAL.fullmatch(part)):
                faults.append(f"{at}{key} is a decimal string, since it has a unit")
            faults += _quantities(part, f"{at}{key}.")
    elif isinstance(value, list):
        for n, part in enumerate(value):
            faults += _quantities(part, f"{at}{n}.")
    return faults


def key_id(public: bytes, algorithm: str = ALGORITHM) -> str:
    return identifier("stocktake.key/1", algorithm.encode(), public)


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE pre-authentication encoding. Source: secure-systems-lab/dsse protocol.md, "Signature Definition"."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@dataclass(frozen=True)
class Entry:
    """A leaf: the bytes of the envelope, and what its payload says."""

    data: bytes
    payload: bytes
    signature: bytes
    id: str
    sha256: str
    size: int
    media_type: str
    signer: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Two entries with the same key file the same record by the same hand."""
        return self.sha256, self.media_type, self.signer

    @classmethod
    def parse(cls, data: bytes) -> Entry:
        """An envelope in canonical JSON with one signature, around a canonical payload; all else is refused."""
        if len(data) > MAX_ENTRY:
            raise Malformed(f"entry: {len(data):,} bytes; the most is {MAX_ENTRY:,}")
        envelope = parse_canonical(data, "entry")
        match envelope:
            case {
                "payload": str(payload64),
                "payloadType": kind,
                "signatures": [{"keyid": str(keyid), "sig": str(sig)}],
            }:
                payload, signature = from_base64(payload64, "payload"), from_base64(sig, "signature")
            case _:
                raise Malformed("entry: a DSSE envelope with payload, payloadType and one signature is expected")
        if kind != ENTRY_TYPE or len(envelope) != 3 or len(envelope["signatures"][0]) != 2:
            raise Malformed(f"entry: a payload of {ENTRY_TYPE} and nothing else is expected")
        fields = parse_canonical(payload, "payload")
        match fields:
            case {
                "format": str(form), "id": str(id), "sha256": str(digest), "size": int(size),
                "media_type": str(media_type), "signer": {"algorithm": str(algorithm), "key": str(key)},
            }:  # fmt: skip
                pass
            case _:
                raise Malformed("payload: format, id, sha256, size, media_type and signer are expected")
        if form != ENTRY or algorithm != ALGORITHM or key != keyid:
            raise Malformed(f"payload: {ENTRY}, {ALGORITHM} and the key of the signature are expected")
        if not all(map(_DIGEST.fullmatch, (id, digest, key))) or isinstance(size, bool) or not 0 <= size <= MAX_RECORD:
            raise Malformed("payload: digests of 64 hex digits and a size are expected")
        return cls(data, payload, signature, id, digest, size, media_type, key)

    def require(self, public: bytes) -> None:
        """Raises SignatureFails unless the key signed this entry."""
        if not Verifier("signer", public).verifies(pae(ENTRY_TYPE, self.payload), self.signature):
            raise SignatureFails(f"the entry of record {self.sha256} is not signed by the key {self.signer}")

    def holds(self, record: bytes) -> bool:
        """Whether these bytes are the record that the entry names."""
        same = (sha256(record), len(record)) == (self.sha256, self.size)
        return same and self.id == record_id(record)


def entry_for(record: bytes, signer: Signer, media_type: str = RECORD_TYPE) -> Entry:
    """The signed entry of a record."""
    public = signer.verifier.public
    payload = canonical(
        {
            "format": ENTRY,
            "id": record_id(record),
            "sha256": sha256(record),
            "size": len(record),
            "media_type": media_type,
            "signer": {"algorithm": ALGORITHM, "key": key_id(public)},
        }
    )
    signature = {"keyid": key_id(public), "sig": base64_of(signer.sign(pae(ENTRY_TYPE, payload)))}
    envelope = {"payload": base64_of(payload), "payloadType": ENTRY_TYPE, "signatures": [signature]}
    return Entry.parse(canonical(envelope))
