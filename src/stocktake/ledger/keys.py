"""Who may file what, and when: the roster of keys, folded from the key records of the log itself.

The first record of a log admits the key of its operator and is signed by it. Every later key is admitted, and revoked,
by a record that the operator signs. What was filed while a key was good stays good after its revocation.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

from stocktake.ledger.canonical import base64_of, from_base64
from stocktake.ledger.errors import Malformed, NotAllowed
from stocktake.ledger.notes import Verifier
from stocktake.ledger.records import ALGORITHM, Entry, Kind, Record, key_id

FOCAL_POINT, COMPILER, REVIEWER, OPERATOR, WITNESS = "focal-point", "compiler", "reviewer", "operator", "witness"
ROLES = (FOCAL_POINT, COMPILER, REVIEWER, OPERATOR, WITNESS)
# Our own rule: which roles may file which kind.
MAY = {
    Kind.STATEMENT: {FOCAL_POINT, COMPILER},
    Kind.REPORT: {FOCAL_POINT, COMPILER},
    Kind.CORRECTION: {FOCAL_POINT, COMPILER},
    Kind.WITHDRAWAL: {FOCAL_POINT, COMPILER, OPERATOR},
    Kind.REPLY: {FOCAL_POINT, COMPILER},
    Kind.QUESTION: {FOCAL_POINT, COMPILER, REVIEWER},
    Kind.RULE: {COMPILER, OPERATOR},
    Kind.REVIEW: {REVIEWER, COMPILER},
    Kind.SEALED: {FOCAL_POINT},
    Kind.OPENING: {FOCAL_POINT},
    Kind.CUSTODY: {FOCAL_POINT, REVIEWER},
    Kind.KEY: {OPERATOR},
}


@dataclass(frozen=True)
class Key:
    """A public key with what it may do. Times are seconds since 1970; ``until`` is the first at which it is not."""

    verifier: Verifier
    role: str
    speaker: str | None = None
    since: int | None = None
    until: int | None = None
    admitted_at: int = 0
    revoked_at: int | None = None

    @property
    def id(self) -> str:
        return key_id(self.verifier.public)


def key_record(
    verifier: Verifier, role: str, *, speaker: str | None = None, since: int | None = None, until: int | None = None,
    replaces: str | None = None,
) -> Record:  # fmt: skip
    """The record that admits a key; with ``replaces``, in place of an earlier one (rotation)."""
    body = {
        "action": "admit",
        "algorithm": ALGORITHM,
        "name": verifier.name,
        "public": base64_of(verifier.public),
        "role": role,
        "for": speaker,
        "not_before": since,
        "not_after": until,
        "replaces": replaces,
    }
    return Record.make(Kind.KEY, verifier.name, {k: v for k, v in body.items() if v is not None})


def revocation(id: str, reason: str) -> Record:
    return Record.make(Kind.KEY, "log operator", {"action": "revoke", "key": id}, reason=reason)


@dataclass(frozen=True)
class Roster:
    """The keys as they stand after some records; ``operator`` signs the checkpoints from here on.

    ``records`` has kind and speaker of each record before, by id: the one part that grows with the log, so it may be
    kept elsewhere than in memory.
    """

    keys: dict[str, Key] = field(default_factory=dict)
    operator: Key | None = None
    records: MutableMapping[str, tuple[Kind | None, str]] = field(default_factory=dict)

    def check(self, entry: Entry, record: Record | None, index: int, time: int | None) -> None:
        """Raises NotAllowed unless this key may file this record at ``index`` at that time (None: not known)."""
        key = self.keys.get(entry.signer)
        if key is None and not (index == 0 and record is not None and _admits_itself(entry, record)):
            raise NotAllowed(f"record {index}: the key {entry.signer} is not in the roster; the operator admits keys")
        if key is None or record is None:
            return
        if key.revoked_at is not None:
            raise NotAllowed(f"record {index}: the key of {key.verifier.name} was revoked by record {key.revoked_at}")
        if time is not None and key.since is not None and time < key.since:
            raise NotAllowed(f"record {index}: the key of {key.verifier.name} is not valid yet")
        if time is not None and key.until is not None and time >= key.until:
            raise NotAllowed(f"record {index}: the key of {key.verifier.name} expired")
        if key.role not in MAY[record.kind]:
            raise NotAllowed(f"record {index}: the role {key.role} may not file a {record.kind}")
        if key.role == FOCAL_POINT and record.speaker != key.speaker:
            raise NotAllowed(f"record {index}: the focal point of {key.speaker} does not speak for {record.speaker}")
        self._check_links(record, key, index)

    def _check_links(self, record: Record, key: Key, index: int) -> None:
        target = record.points_to
        if target is None:
            return
        if target not in self.records:
            raise NotAllowed(f"record {index}: it points to the record {target}, which is not before it in the log")
        kind, speaker = self.records[target]
        theirs = kind is not None and speaker != key.speaker
        if record.kind in (Kind.CORRECTION, Kind.WITHDRAWAL) and key.role == FOCAL_POINT and theirs:
            raise NotAllowed(f"record {index}: only {speaker} or a compiler may correct what {speaker} said")
        if record.kind is Kind.OPENING and kind not in (Kind.SEALED, None):
            raise NotAllowed(f"record {index}: an opening opens a sealed declaration, not a {kind}")

    def after(self, entry: Entry, record: Record | None, index: int) -> Roster:
        """The roster once this record is in the log."""
        if record is None:
            self.records[entry.id] = (None, "")
            return self
        self.records[record.id] = (record.kind, record.speaker)
        return self.with_key(record, index) if record.kind is Kind.KEY else self

    def with_key(self, record: Record, index: int) -> Roster:
        """The roster once this record about a key is in the log."""
        if record.body.get("action") == "revoke":
            return self._revoked(record.body, index)
        return self._admitted(record, index)

    def _admitted(self, record: Record, index: int) -> Roster:
        key, replaces = parse_key(record.body, index), record.body.get("replaces")
        if key.id in self.keys:
            raise NotAllowed(f"record {index}: the key of {key.verifier.name} was admitted before")
        if key.role == OPERATOR and index > 0 and (self.operator is None or replaces != self.operator.id):
            raise NotAllowed(f"record {index}: a new operator's key replaces the present one")
        keys = dict(self.keys)
        if replaces is not None:
            if replaces not in keys:
                raise NotAllowed(f"record {index}: the key that it replaces is not in the roster")
            keys[replaces] = replace(keys[replaces], revoked_at=index)
        keys[key.id] = key
        return replace(self, keys=keys, operator=key if key.role == OPERATOR else self.operator)

    def _revoked(self, body: dict[str, Any], index: int) -> Roster:
        key = self.keys.get(str(body.get("key")))
        if key is None or key.revoked_at is not None:
            raise NotAllowed(f"record {index}: it revokes a key that is not in the roster, or no longer")
        if key == self.operator:
            raise NotAllowed(f"record {index}: the operator's key is rotated, not revoked: nobody could sign after it")
        return replace(self, keys=self.keys | {key.id: replace(key, revoked_at=index)})

    @property
    def witnesses(self) -> list[Verifier]:
        return [k.verifier for k in self.keys.values() if k.role == WITNESS]


def _admits_itself(entry: Entry, record: Record) -> bool:
    if record.kind is not Kind.KEY:
        return False
    key = parse_key(record.body, 0)
    return key.role == OPERATOR and key.id == entry.signer


def parse_key(body: dict[str, Any], index: int) -> Key:
    """The key that a record admits; raises Malformed with what is wrong."""
    match body:
        case {"action": "admit", "algorithm": "ed25519", "name": str(name), "public": str(public), "role": str(role)}:
            pass
        case _:
            raise Malformed(f"record {index}: a key has action admit, algorithm {ALGORITHM}, name, public and role")
    data, speaker = from_base64(public, "public key"), body.get("for")
    since, until = body.get("not_before"), body.get("not_after")
    if not isinstance(body.get("replaces", ""), str):
        raise Malformed(f"record {index}: replaces is the id of a key")
    if role not in ROLES or len(data) != 32:
        raise Malformed(f"record {index}: a key has 32 bytes and a role: {', '.join(ROLES)}")
    if (role == FOCAL_POINT) != isinstance(speaker, str):
        raise Malformed(f"record {index}: a focal point, and no other, has `for`: the State that it speaks for")
    if any(t is not None and (not isinstance(t, int) or isinstance(t, bool) or t < 0) for t in (since, until)):
        raise Malformed(f"record {index}: not_before and not_after are seconds since 1970")
    return Key(Verifier(name, data), role, speaker, since, until, admitted_at=index)
