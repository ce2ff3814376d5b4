package picture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"picasso/backend/regular"
)

// How much of a series is read to tell it from others: blocks spread over some of its
// files, 4 MB at most.
const (
	identityFiles  = 16
	identityBlocks = 1024 // of all files together
	identityBlock  = 4096 // bytes
)

// Identity tells the series from all others by what it holds, wherever its files lie
// and whatever they are called: a SHA-256, in hexadecimal, of its identifier, the
// places of its slices, and samples of its files. Nothing can be read from it. It is
// an error where the series has no files.
func (s *Series) Identity(ctx context.Context) (string, error) {
	h := sha256.New()
	var paths []string
	for _, at := range s.slices {
		fmt.Fprintln(h, at.place.Series, at.place.Frame, at.place.Geometry)
		if at.path != "" && !slices.Contains(paths[max(0, len(paths)-1):], at.path) { // frames of a file follow each other
			paths = append(paths, at.path)
		}
	}
	if len(paths) == 0 {
		return "", errors.New("the series has no files")
	}
	n := min(len(paths), identityFiles)
	for i := range n {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if err := takeSamples(h, paths[i*len(paths)/n], identityBlocks/n); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// takeSamples writes the size of a file and blocks spread over it, all of a small file.
func takeSamples(to io.Writer, path string, blocks int) error {
	f, info, err := regular.Open(path, regular.Unbounded)
	if err != nil {
		return err
	}
	defer f.Close()
	size := info.Size()
	fmt.Fprintln(to, size)
	if size <= int64(blocks)*identityBlock {
		_, err := io.Copy(to, io.LimitReader(f, size))
		return err
	}
	for i := range int64(blocks) {
		at := (size - identityBlock) / int64(blocks-1) * i
		if _, err := io.Copy(to, io.NewSectionReader(f, at, identityBlock)); err != nil {
			return err
		}
	}
	return nil
}
