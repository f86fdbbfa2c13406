"""The tree of RFC 6962: published roots, a second implementation, and proofs that never verify when they are wrong."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from stocktake.ledger.errors import ProofFails
from stocktake.ledger.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from stocktake.ledger.tiles import Edge, grow, nodes

# certificate-transparency-go, merkletree/merkle_tree_test.go (also google/certificate-transparency): inputs and roots.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree(size: int) -> tuple[list[bytes], Edge, dict[str, bytes]]:
    entries = [b"entry %d" % n for n in range(size)]
    return entries, *grow(Edge(), entries)


def test_the_roots_are_those_that_were_published() -> None:
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT
    entries = [bytes.fromhex(text) for text in INPUTS]
    for size, expected in enumerate(ROOTS, 1):
        edge, files = grow(Edge(), entries[:size])
        assert edge.root.hex() == expected == root(size, nodes(size, files.get)).hex()


def test_a_second_implementation_gives_the_same_roots_and_proofs_up_to_300() -> None:
    peer, edge = InmemoryTree(algorithm="sha256"), Edge()
    files: dict[str, bytes] = {}
    for size in range(1, 301):
        entry = b"entry %d" % size
        peer.append_entry(entry)
        edge, more = grow(edge, [entry])
        files |= more
        assert edge.root == peer.get_root(size), size
        node = nodes(size, files.get)
        for index in {0, size // 2, size - 1}:
            path = [bytes.fromhex(h) for h in peer.prove_inclusion(index + 1, size).serialize()["path"]]
            ours = inclusion_proof(index, size, node)
            assert set(path) - {leaf_hash(b"entry %d" % (index + 1))} == set(ours), (size, index)


def test_every_growth_up_to_300_is_proved_as_the_rfc_defines_and_as_a_second_implementation_accepts() -> None:
    """RFC 6962, 2.1.2, PROOF and SUBPROOF, word for word, over all pairs of sizes; pymerkle's proofs fit our roots."""

    @cache
    def mth(start: int, end: int) -> bytes:
        if end - start == 1:
            return leaf_hash(b"entry %d" % start)
        k = 1 << (end - start - 1).bit_length() - 1
        return node_hash(mth(start, start + k), mth(start + k, end))

    def subproof(m: int, start: int, end: int, complete: bool) -> list[bytes]:
        if m == end - start:
            return [] if complete else [mth(start, end)]
        k = 1 << (end - start - 1).bit_length() - 1
        if m <= k:
            return [*subproof(m, start, start + k, complete), mth(start + k, end)]
        return [*subproof(m - k, start + k, end, False), mth(start, start + k)]

    peer, edge, roots = InmemoryTree(algorithm="sha256"), Edge(), [EMPTY_ROOT]
    files: dict[str, bytes] = {}
    for new in range(1, 301):
        peer.append_entry(b"entry %d" % (new - 1))
        edge, more = grow(edge, [b"entry %d" % (new - 1)])
        files |= more
        roots.append(edge.root)
        assert edge.root == mth(0, new)
        node = nodes(new, files.get)
        for old in range(1, new + 1):
            path = consistency_proof(old, new, node)
            assert path == subproof(old, 0, new, True), (old, new)
            verify_consistency(old, new, path, roots[old], roots[new])
        for old in {1, new // 3, new // 2, new - 1, new} - {0}:
            peer.prove_consistency(old, new).verify(roots[old], roots[new])


@given(st.integers(1, 700), st.data())
def test_every_leaf_is_proved_and_every_growth(size: int, data: st.DataObject) -> None:
    entries, edge, files = tree(size)
    node = nodes(size, files.get)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    path = inclusion_proof(index, size, node)
    verify_inclusion(leaf_hash(entries[index]), index, size, path, edge.root)
    verify_consistency(old, size, consistency_proof(old, size, node), tree(old)[1].root, edge.root)
    for wrong in (path[:-1], [*path, bytes(32)], [*path[1:], path[0]] if len(set(path)) > 1 else [bytes(32)]):
        if wrong != path:
            with pytest.raises(ProofFails):
                verify_inclusion(leaf_hash(entries[index]), index, size, wrong, edge.root)


@given(st.integers(2, 600), st.data())
def test_a_proof_with_one_bit_changed_never_verifies(size: int, data: st.DataObject) -> None:
    _, edge, files = tree(size)
    old = data.draw(st.integers(1, size - 1))
    path, before = consistency_proof(old, size, nodes(size, files.get)), tree(old)[1].root
    at = data.draw(st.integers(0, len(path) * 256 - 1))
    whole = bytearray(b"".join(path))
    whole[at // 8] ^= 1 << at % 8
    wrong = [bytes(whole[i : i + 32]) for i in range(0, len(whole), 32)]
    with pytest.raises(ProofFails):
        verify_consistency(old, size, wrong, before, edge.root)


@given(st.lists(st.integers(1, 300), max_size=6))
def test_how_entries_are_batched_does_not_matter(batches: list[int]) -> None:
    entries, whole, _ = tree(sum(batches))
    edge, at = Edge(), 0
    for count in batches:
        edge, _ = grow(edge, entries[at : at + count])
        at += count
    assert edge == whole or not batches
