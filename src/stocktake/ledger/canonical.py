"""One form for each value: canonical JSON (RFC 8785), base64 without a second spelling, domain-tagged digests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

import rfc8785

from stocktake.ledger.errors import Malformed

MAX_DEPTH = 60


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value by RFC 8785; refuses what JSON cannot hold exactly."""
    try:
        if _is_plain(value):
            return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError) as error:
        raise Malformed(f"no canonical JSON: {error}") from None


def _is_plain(value: Any) -> bool:
    """Whether the encoder of the standard library, ten times faster, gives the bytes of RFC 8785.

    So it is without floats, integers beyond 2^53 - 1, and keys in which order by code point could differ from UTF-16.
    """
    if isinstance(value, dict):
        return all(isinstance(k, str) and k.isascii() and _is_plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or type(value) in (str, bool) or (type(value) is int and abs(value) < 1 << 53)


def parse_canonical(data: bytes, what: str) -> dict[str, Any]:
    """The object of bytes that are canonical JSON; another spelling, a repeated key, a float is refused."""
    try:
        value = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{what}: no JSON ({error})") from None
    if not isinstance(value, dict):
        raise Malformed(f"{what}: a JSON object is expected")
    if _depth(value) > MAX_DEPTH:
        raise Malformed(f"{what}: more than {MAX_DEPTH} levels deep")
    if canonical(value) != data:
        raise Malformed(f"{what}: JSON, but not in its canonical form (RFC 8785)")
    return value


def _no_float(text: str) -> float:
    raise ValueError(f"{text} is no integer; write quantities as decimal strings with a unit")


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        nested = [v for v in level if isinstance(v, dict | list)]
        level = [v for part in nested for v in (part.values() if isinstance(part, dict) else part)]
    return deepest


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, what: str) -> bytes:
    """Bytes of standard base64 with padding, in its one spelling (unused bits are zero)."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(f"{what}: no base64") from None
    if base64_of(data) != text:
        raise Malformed(f"{what}: base64 in another than its canonical form")
    return data


def decimal(text: str, what: str) -> int:
    """A number of 0 to 2^63-1 without sign, leading zero or other digits than 0-9."""
    if not (text.isascii() and text.isdigit()) or (len(text) > 1 and text[0] == "0") or len(text) > 19:
        raise Malformed(f"{what}: {text[:30]!r} is no number in canonical form")
    number = int(text)
    if number >= 1 << 63:
        raise Malformed(f"{what}: {text} is too large")
    return number


def identifier(domain: str, *parts: bytes) -> str:
    """SHA-256, as hex, over a domain tag and parts that each carry their length: no two inputs share one by gluing."""
    digest = hashlib.sha256()
    for part in (domain.encode(), *parts):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
