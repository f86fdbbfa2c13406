"""The static files of a log (C2SP tlog-tiles): where each lies, what is in it, and what a batch adds.

Tiles are 256 hashes wide; a level of tiles is eight levels of the tree. ``grow`` is the only way in which a log grows:
it takes the right edge of the tree and new entries, and returns the new edge and the files to write. Memory is that of
the edge and of the batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stocktake.ledger.errors import Malformed, Missing
from stocktake.ledger.merkle import HASH_SIZE, node_hash, root, subtree

WIDTH = 256
MAX_ENTRY = 65_535
TILE_BYTES = WIDTH * HASH_SIZE
CHECKPOINT = "checkpoint"
VKEY = "vkey"
Read = Callable[[str], bytes | None]


def number_path(n: int) -> str:
    """``1234067`` as ``x001/x234/067``."""
    parts = [f"{n % 1000:03d}"]
    while n := n // 1000:
        parts.append(f"x{n % 1000:03d}")
    return "/".join(reversed(parts))


def tile_path(level: int | str, n: int, width: int = WIDTH) -> str:
    return f"tile/{level}/{number_path(n)}" + ("" if width == WIDTH else f".p/{width}")


def entries_path(n: int, width: int = WIDTH) -> str:
    return tile_path("entries", n, width)


def blob_path(sha256: str) -> str:
    return f"blob/{sha256}"


def history_path(size: int) -> str:
    """Where the checkpoint of that size stays when later ones have taken its place."""
    return f"checkpoints/{size}"


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """Entries laid end to end, each after its length in two bytes."""
    longest = max(map(len, entries), default=0)
    if longest > MAX_ENTRY:
        raise Malformed(f"an entry of {longest:,} bytes; the most is {MAX_ENTRY:,}")
    return b"".join([len(e).to_bytes(2, "big") + e for e in entries])


def entries_of(bundle: bytes, count: int, what: str = "bundle") -> list[bytes]:
    """Exactly ``count`` entries; a byte missing or too many is refused."""
    found, at = list[bytes](), 0
    while at < len(bundle) and len(found) < count:
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise Malformed(f"{what}: an entry ends after the file")
        found.append(bundle[at + 2 : end])
        at = end
    if at != len(bundle) or len(found) != count:
        raise Malformed(f"{what}: {count} entries are expected and nothing after them")
    return found


@dataclass(frozen=True)
class Edge:
    """The right edge of a tree: its size, the unfinished tile of each level and the unfinished bundle."""

    size: int = 0
    tiles: tuple[bytes, ...] = ()
    bundle: bytes = b""

    @property
    def root(self) -> bytes:
        """The root of the tree, 32 bytes."""
        found: bytes | None = None
        for hashes in self.tiles:
            end = len(hashes)
            while end:
                count = end // HASH_SIZE
                width = (count & -count) * HASH_SIZE
                part = subtree(hashes[end - width : end])
                found = part if found is None else node_hash(part, found)
                end -= width
        return found if found is not None else root(0, _no_node)


def _no_node(level: int, index: int) -> bytes:
    raise Malformed(f"an empty tree has no node {level}/{index}")


def grow(edge: Edge, entries: Sequence[bytes]) -> tuple[Edge, dict[str, bytes]]:
    """The edge after these entries, and every tile and bundle that is new with them, by path."""
    files: dict[str, bytes] = {}
    at = 0
    while at < len(entries):
        room = WIDTH - edge.size % WIDTH
        edge = _grow_in_bundle(edge, entries[at : at + room], files)
        at += room
    if edge.size % WIDTH and entries:
        files[entries_path(edge.size // WIDTH, edge.size % WIDTH)] = edge.bundle
    for level, hashes in enumerate(edge.tiles):
        if hashes and entries:
            path = tile_path(level, (edge.size >> (8 * level)) // WIDTH, len(hashes) // HASH_SIZE)
            files[path] = hashes
    return edge, files


def _grow_in_bundle(edge: Edge, entries: Sequence[bytes], files: dict[str, bytes]) -> Edge:
    size = edge.size + len(entries)
    bundle = edge.bundle + bundle_of(entries)
    tiles = list(edge.tiles) or [b""]
    sha = hashlib.sha256  # leaf_hash, without a call for each of a million leaves
    tiles[0] += b"".join([sha(b"\x00" + e).digest() for e in entries])
    if size % WIDTH == 0:
        files[entries_path(size // WIDTH - 1)], bundle = bundle, b""
    level = 0
    while len(tiles[level]) == TILE_BYTES:
        files[tile_path(level, (size >> (8 * (level + 1))) - 1)] = tiles[level]
        if level + 1 == len(tiles):
            tiles.append(b"")
        tiles[level + 1] += subtree(tiles[level])
        tiles[level], level = b"", level + 1
    return Edge(size, tuple(tiles), bundle)


def edge_tiles(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, number and width of the unfinished tiles of a tree of that size, lowest first; width 0 where none is."""
    level = 0
    while level == 0 or size >> (8 * level):
        count = size >> (8 * level)
        yield level, count // WIDTH, count % WIDTH
        level += 1


def read_edge(size: int, read: Read) -> Edge:
    """The right edge of the tree of that size from its files."""
    tiles = tuple(_tile(read, level, n, width) if width else b"" for level, n, width in edge_tiles(size))
    width = size % WIDTH
    bundle = _needed(read, entries_path(size // WIDTH, width)) if width else b""
    return Edge(size, tiles if size else (), bundle)


def read_entries(n: int, size: int, read: Read) -> list[bytes]:
    """The entries of bundle ``n`` in the tree of that size."""
    width = min(WIDTH, size - n * WIDTH)
    path = entries_path(n, width)
    data = read(path)
    if data is None and width < WIDTH:
        data = read(entries_path(n))
        if data is not None:
            return entries_of(data, WIDTH, entries_path(n))[:width]
    if data is None:
        raise Missing(f"{path}: the file is missing")
    return entries_of(data, width, path)


def read_entry(index: int, size: int, read: Read) -> bytes:
    if not 0 <= index < size:
        raise Malformed(f"there is no record {index}; the log has {size}, counted from 0")
    return read_entries(index // WIDTH, size, read)[index % WIDTH]


def nodes(size: int, read: Read) -> Callable[[int, int], bytes]:
    """A reader of nodes of the tree of that size from its tiles; it remembers, so prove many records by one."""

    @lru_cache(maxsize=64)
    def tile(level: int, n: int) -> bytes:
        return _tile(read, level, n, min(WIDTH, (size >> (8 * level)) - n * WIDTH))

    @lru_cache(maxsize=1 << 15)
    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, 8)
        n, at = divmod(index << height, WIDTH)
        part = tile(tile_level, n)[at * HASH_SIZE : (at + (1 << height)) * HASH_SIZE]
        if len(part) != HASH_SIZE << height:
            raise Malformed(f"{tile_path(tile_level, n)}: the tile does not hold node {level}/{index}")
        return subtree(part)

    return node


def _tile(read: Read, level: int, n: int, width: int) -> bytes:
    """A tile of exactly that width; where only the full one is left, its beginning."""
    path = tile_path(level, n, width)
    data = read(path)
    if data is None and width < WIDTH:
        data = read(tile_path(level, n))
        if data is not None and len(data) == TILE_BYTES:
            data = data[: width * HASH_SIZE]
    if data is None:
        raise Missing(f"{path}: the file is missing")
    if len(data) != width * HASH_SIZE:
        raise Malformed(f"{path}: {len(data)} bytes where {width * HASH_SIZE} are expected")
    return data


def _needed(read: Read, path: str) -> bytes:
    data = read(path)
    if data is None:
        raise Missing(f"{path}: the file is missing")
    return data
