"""The Merkle tree of RFC 6962: hashes of leaves and nodes, proofs from a reader of nodes, and their verification.

A node ``(level, index)`` is the root of the complete subtree over the leaves from ``index << level`` up to, without,
``(index + 1) << level``.
Source: RFC 6962 section 2.1; verification as in RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from stocktake.ledger.errors import ProofFails

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
Node = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def parents(hashes: bytes) -> bytes:
    """The level above an even number of hashes laid end to end."""
    sha = hashlib.sha256
    return b"".join([sha(b"\x01" + hashes[i : i + 64]).digest() for i in range(0, len(hashes), 64)])


def subtree(hashes: bytes) -> bytes:
    """The root over hashes laid end to end, a power of two of them."""
    while len(hashes) > HASH_SIZE:
        hashes = parents(hashes)
    return hashes


def root(size: int, node: Node) -> bytes:
    """The root of the tree of the first ``size`` leaves, 32 bytes."""
    return _range(0, size, node) if size else EMPTY_ROOT


def _range(start: int, end: int, node: Node) -> bytes:
    """The hash over ``[start, end)``, where ``start`` is a multiple of the largest power of two below the width."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(width)
    return node_hash(_range(start, middle, node), _range(middle, end, node))


def _split(width: int) -> int:
    """The largest power of two smaller than ``width`` (k of RFC 6962)."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Audit path of leaf ``index`` in the tree of ``size`` leaves, from the leaf up (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ProofFails(f"there is no leaf {index} in a tree of {size}")
    start, end, path = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(middle, end, node))
            end = middle
        else:
            path.append(_range(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """That the tree of ``old`` leaves is a prefix of that of ``new`` (RFC 6962, 2.1.2); empty if trivial."""
    if not 0 <= old <= new:
        raise ProofFails(f"a tree of {new} leaves does not extend one of {old}")
    if old in (0, new):
        return []
    start, end, complete, path = 0, new, True, list[bytes]()
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(middle, end, node))
            end = middle
        else:
            path.append(_range(start, middle, node))
            start, complete = middle, False
    return ([] if complete else [_range(start, end, node)]) + path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> None:
    """Raises ProofFails unless ``path`` leads from the leaf's hash to the root of the tree of ``size`` leaves."""
    if not 0 <= index < size:
        raise ProofFails(f"leaf {index} is not in a tree of {size}")
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0 or len(sibling) != HASH_SIZE:
            raise ProofFails("the proof has more or other hashes than the tree has levels")
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last or found != expected:
        raise ProofFails(f"the proof of leaf {index} does not lead to the root of the tree of {size}")


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises ProofFails unless ``path`` shows that the tree of ``new`` leaves extends that of ``old``."""
    if not 0 <= old <= new:
        raise ProofFails(f"a tree of {new} leaves does not extend one of {old}")
    if old in (0, new):
        same = old_root == (EMPTY_ROOT if old == 0 else new_root) and (new > 0 or new_root == EMPTY_ROOT)
        if path or not same:
            raise ProofFails(f"the roots at {old} and {new} leaves do not agree")
        return
    hashes = list(path) if old & (old - 1) else [old_root, *path]
    if not hashes or any(len(h) != HASH_SIZE for h in hashes):
        raise ProofFails("the proof has no hash, or one of another length")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for h in hashes[1:]:
        if last == 0:
            raise ProofFails("the proof has more hashes than the tree has levels")
        if at & 1 or at == last:
            first, second = node_hash(h, first), node_hash(h, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, h)
        at, last = at >> 1, last >> 1
    if last or first != old_root or second != new_root:
        raise ProofFails(f"the tree of {new} leaves does not extend the tree of {old} that was seen")
