// verifier checks a log by Go's own note and tlog packages (golang.org/x/mod/sumdb), which share no code with Stocktake.
//
//	verifier DIR VKEY
//
// It checks the checkpoint's signature, rebuilds the root from the raw entries, proves the inclusion of every record and
// the consistency of sampled pairs of sizes from the published tiles, and that each full or current file is what it must be.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func number(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}

func partial(path string, width int64) string {
	if width < 256 {
		return fmt.Sprintf("%s.p/%d", path, width)
	}
	return path
}

type tiles struct{ dir string }

func (t tiles) Height() int { return 8 }
func (t tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, w := range want {
		data, err := os.ReadFile(filepath.Join(t.dir, partial(fmt.Sprintf("tile/%d/%s", w.L, number(w.N)), int64(w.W))))
		if err != nil {
			return nil, err
		}
		if len(data) != w.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %v has %d bytes", w, len(data))
		}
		all = append(all, data)
	}
	return all, nil
}
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, i := range indexes {
		if i < 0 || i >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", i)
		}
		all = append(all, s[i])
	}
	return all, nil
}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	key, err := note.NewVerifier(vkey)
	must(err, "vkey")
	raw, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err, "checkpoint")
	opened, err := note.Open(raw, note.VerifierList(key))
	must(err, "checkpoint")
	var size int64
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != key.Name() {
		fail("checkpoint: not three lines, or another origin")
	}
	if _, err := fmt.Sscanf(lines[1], "%d", &size); err != nil || fmt.Sprint(size) != lines[1] {
		fail("checkpoint: size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	must(err, "root")

	var hashes stored
	var leaves []tlog.Hash
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		bundle, err := os.ReadFile(filepath.Join(dir, partial("tile/entries/"+number(n), width)))
		must(err, "entries")
		for i := int64(0); i < width; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				fail("entries %d: the file ends early", n)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			more, err := tlog.StoredHashes(n*256+i, bundle[2:end], hashes)
			must(err, "stored hashes")
			hashes = append(hashes, more...)
			leaves = append(leaves, tlog.RecordHash(bundle[2:end]))
			bundle = bundle[end:]
		}
		if len(bundle) != 0 {
			fail("entries %d: bytes after the last entry", n)
		}
	}
	rebuilt, err := tlog.TreeHash(size, hashes)
	must(err, "root")
	if rebuilt != root {
		fail("root: the entries give %v, the checkpoint says %v", rebuilt, root)
	}
	for L := 0; size>>(8*uint(L)) > 0; L++ {
		count := size >> (8 * uint(L))
		for n := int64(0); n*256 < count; n++ {
			width := count - n*256
			if width > 256 {
				width = 256
			}
			tile := tlog.Tile{H: 8, L: L, N: n, W: int(width)}
			want, err := tlog.ReadTileData(tile, hashes)
			must(err, "tile")
			got, err := tiles{dir}.ReadTiles([]tlog.Tile{tile})
			must(err, "tile")
			if !bytes.Equal(want, got[0]) {
				fail("tile %v: not what the entries give", tile)
			}
		}
	}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles{dir})
	for i := int64(0); i < size; i++ {
		proof, err := tlog.ProveRecord(size, i, reader)
		must(err, "inclusion")
		must(tlog.CheckRecord(proof, size, root, i, leaves[i]), "inclusion")
	}
	pairs := 0
	var sizes []int64
	for s := int64(1); s < size; s += 1 + size/40 {
		sizes = append(sizes, s)
	}
	sizes = append(sizes, size)
	for _, a := range sizes {
		for _, b := range sizes {
			if a > b {
				continue
			}
			one, err := tlog.TreeHash(a, hashes)
			must(err, "root")
			other, err := tlog.TreeHash(b, hashes)
			must(err, "root")
			proof, err := tlog.ProveTree(b, a, reader)
			must(err, "consistency")
			must(tlog.CheckTree(proof, b, other, a, one), "consistency")
			pairs++
		}
	}
	fmt.Printf("holds: %d records, %d pairs of sizes\n", size, pairs)
}
