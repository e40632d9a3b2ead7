// Command verify-ledger checks a Holdfast ledger with code that Holdfast's makers did not write: Go's own
// golang.org/x/mod/sumdb/note and sumdb/tlog, from Debian's golang-golang-x-mod-dev.
//
//	verify-ledger <folder> <vkey>
//
// It checks the checkpoint's signature, that all entries hash to the signed root, and that every stored tile is the one that follows from
// the entries. It prints one line and exits with 0, or says what is wrong and exits with 1.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// C2SP tlog-tiles: 256 hashes to a tile.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify-ledger <folder> <vkey>")
		os.Exit(2)
	}
	origin, size, tiles, err := verify(os.Args[1], strings.TrimSpace(os.Args[2]))
	if err != nil {
		fmt.Fprintln(os.Stderr, "the ledger does not verify:", err)
		os.Exit(1)
	}
	fmt.Printf("%s: %d entries lead to the signed root; %d tiles equal\n", origin, size, tiles)
}

func verify(folder, vkey string) (origin string, size int64, tiles int, err error) {
	origin, size, root, err := openCheckpoint(folder, vkey)
	if err != nil {
		return "", 0, 0, err
	}
	hashes, err := hashEntries(folder, size)
	if err != nil {
		return "", 0, 0, err
	}
	derived := emptyRoot()
	if size > 0 {
		if derived, err = tlog.TreeHash(size, hashes); err != nil {
			return "", 0, 0, err
		}
	}
	if derived != root {
		return "", 0, 0, fmt.Errorf("the entries lead to root %v, signed is %v", derived, root)
	}
	tiles, err = compareTiles(folder, size, hashes)
	return origin, size, tiles, err
}

// openCheckpoint gives what the log says of itself, once its signature is known to be its own.
func openCheckpoint(folder, vkey string) (origin string, size int64, root tlog.Hash, err error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", 0, root, fmt.Errorf("the key cannot be used: %w", err)
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return "", 0, root, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", 0, root, fmt.Errorf("the checkpoint's signature: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return "", 0, root, errors.New("the checkpoint is not one of the log that the key names")
	}
	size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return "", 0, root, fmt.Errorf("the checkpoint's size is %q", lines[1])
	}
	bytes, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(bytes) != tlog.HashSize {
		return "", 0, root, fmt.Errorf("the checkpoint's root is %q", lines[2])
	}
	copy(root[:], bytes)
	return lines[0], size, root, nil
}

// storedHashes are all hashes of the tree, by tlog.StoredHashIndex.
type storedHashes []tlog.Hash

func (stored storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(stored)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		found[i] = stored[index]
	}
	return found, nil
}

// hashEntries reads every entry bundle, and nothing but entry bundles.
func hashEntries(folder string, size int64) (storedHashes, error) {
	var stored storedHashes
	for first := int64(0); first < size; first += tileWidth {
		width := size - first
		if width > tileWidth {
			width = tileWidth
		}
		name := "tile/entries/" + indexPath(first/tileWidth, int(width))
		bundle, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		count := int64(0)
		for ; len(bundle) > 0; count++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s ends within an entry", name)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			hashes, err := tlog.StoredHashes(first+count, bundle[2:end], stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, hashes...)
			bundle = bundle[end:]
		}
		if count != width {
			return nil, fmt.Errorf("%s has %d entries, not %d", name, count, width)
		}
	}
	return stored, nil
}

// compareTiles derives each tile of a tree of this size and compares it with the file.
func compareTiles(folder string, size int64, hashes storedHashes) (int, error) {
	tiles := 0
	for level := 0; size>>(uint(level)*tileHeight) > 0; level++ {
		count := size >> (uint(level) * tileHeight)
		for index := int64(0); index*tileWidth < count; index++ {
			width := count - index*tileWidth
			if width > tileWidth {
				width = tileWidth
			}
			derived, err := tlog.ReadTileData(tlog.Tile{H: tileHeight, L: level, N: index, W: int(width)}, hashes)
			if err != nil {
				return tiles, err
			}
			name := fmt.Sprintf("tile/%d/%s", level, indexPath(index, int(width)))
			stored, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
			if err != nil {
				return tiles, err
			}
			if !bytes.Equal(derived, stored) {
				return tiles, fmt.Errorf("%s is not the tile that follows from the entries", name)
			}
			tiles++
		}
	}
	return tiles, nil
}

// indexPath is the end of tlog.Tile.Path, whose beginning C2SP has otherwise.
func indexPath(index int64, width int) string {
	path := tlog.Tile{H: tileHeight, L: 0, N: index, W: width}.Path()
	return strings.TrimPrefix(path, fmt.Sprintf("tile/%d/0/", tileHeight))
}

// emptyRoot is SHA-256 of nothing; tlog.TreeHash wants at least one entry.
func emptyRoot() (root tlog.Hash) {
	const empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	bytes, _ := base64.StdEncoding.DecodeString(empty)
	copy(root[:], bytes)
	return root
}
