package instance

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Bounds of a message.
const (
	maxMessage = 1 << 20 // bytes
	maxPaths   = 4096
	maxPath    = 32768 // bytes; the longest path of any system
)

// errMessage means that what came is not from this program.
var errMessage = errors.New("not a list of files")

// encode makes a message: its length in 4 bytes, big end first, then the paths as
// a JSON array.
func encode(paths []string) ([]byte, error) {
	if err := check(paths); err != nil {
		return nil, err
	}
	data, err := json.Marshal(paths)
	if err != nil {
		return nil, err
	}
	if len(data) > maxMessage {
		return nil, fmt.Errorf("%d files are too many to hand over at once", len(paths))
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...), nil
}

// decode reads one message. Nothing is allocated before its length is known to
// be within bounds, and every path in the result is absolute.
func decode(r io.Reader) ([]string, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return nil, errMessage
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	var paths []string
	if err := json.Unmarshal(data, &paths); err != nil {
		return nil, errMessage
	}
	return paths, check(paths)
}

func check(paths []string) error {
	if len(paths) > maxPaths {
		return fmt.Errorf("%d files are too many to hand over at once", len(paths))
	}
	for _, p := range paths {
		if len(p) > maxPath || strings.ContainsRune(p, 0) || !filepath.IsAbs(p) {
			return errMessage
		}
	}
	return nil
}
