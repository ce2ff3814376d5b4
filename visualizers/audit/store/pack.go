package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/backend/regular"
	"picasso/visualizers/audit"
)

// line is a row of a pack: an item with a row and its map, or with an error.
type line struct {
	Item string     `json:"item"`
	Row  *audit.Row `json:"row,omitempty"`
	Map  string     `json:"map,omitempty"` // 32×32 float32, little endian, in base64
	// Features are the penultimate activations, as Map.
	Features string `json:"features,omitempty"`
	Error    string `json:"error,omitempty"`
}

// syncEvery is after how many lines a pack is brought to the disk. A process that
// is killed loses none of them; a machine that loses its power at most these.
const syncEvery = 64

// pack is the file of one process, to which it appends lines. No two processes
// share one, so that lines do not mix on network folders.
type pack struct {
	file  *os.File
	lines int
}

// append writes one line in one go.
func (p *pack) append(folder string, l line) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if p.file == nil {
		rows := filepath.Join(folder, "rows")
		if err := os.MkdirAll(rows, 0o777); err != nil {
			return fmt.Errorf("rows cannot be made: %w", files.Innermost(err))
		}
		if p.file, err = os.CreateTemp(rows, "part-*.jsonl"); err != nil {
			return fmt.Errorf("rows cannot be written: %w", files.Innermost(err))
		}
		_ = p.file.Chmod(0o644) // others merge what this user began; where that is refused they are told
	}
	if _, err := p.file.Write(append(data, '\n')); err != nil {
		// What follows must not be glued to half a line.
		return errors.Join(fmt.Errorf("rows cannot be written: %w", files.Innermost(err)), p.close())
	}
	if p.lines++; p.lines%syncEvery == 0 {
		return p.file.Sync()
	}
	return nil
}

func (p *pack) close() error {
	if p.file == nil {
		return nil
	}
	f := p.file
	p.file = nil
	return errors.Join(f.Sync(), f.Close())
}

// unpack reads the lines of all processes. What is torn or damaged is left out:
// its item is missing. A row goes before an error. Maps go to the spill of c, if it
// has one. Words that many rows have in common are kept once.
func (s *Store) unpack(ctx context.Context, c *Contents) error {
	at := make(map[string]int, len(s.Items))
	for j, it := range s.Items {
		at[it.Name] = j
	}
	packs, err := os.ReadDir(filepath.Join(s.folder, "rows"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("rows cannot be read: %w", files.Innermost(err))
	}
	words := map[string]string{}
	var spilling error
	read := 0
	for _, e := range packs { // sorted by name
		if filepath.Ext(e.Name()) != ".jsonl" {
			continue
		}
		path := filepath.Join(s.folder, "rows", e.Name())
		err := eachLine(ctx, path, func(text []byte) {
			var l line
			if json.Unmarshal(text, &l) != nil {
				return
			}
			j, known := at[l.Item]
			switch {
			case !known || c.State[j] == Done:
			case l.Error != "":
				c.Rows[j].Error, c.State[j] = l.Error, Failed
			case l.Row != nil && s.fits(j, *l.Row):
				cells, ok := decodeCells(l.Map)
				if !ok || cells == nil && l.Row.Strength != 0 {
					return
				}
				features, ok := decodeFloats(l.Features, s.Manifest.FeatureLength)
				if !ok || s.Manifest.FeatureLength > 0 && !finite(features) {
					return
				}
				if c.Spill != nil && cells != nil {
					spilling = errors.Join(spilling, c.Spill.put(j, cells))
				}
				if c.vectors != nil {
					spilling = errors.Join(spilling, c.vectors.put(j, features))
				}
				l.Row.Path = s.Items[j].Name
				l.Row.Name = once(words, l.Row.Name)
				c.Rows[j], c.State[j] = *l.Row, Done
				read++
				tellRead(ctx, read, len(s.Items))
			}
		})
		if err := errors.Join(err, spilling); err != nil {
			return err
		}
	}
	return nil
}

// once is the text as it was seen first.
func once(seen map[string]string, text string) string {
	if was, ok := seen[text]; ok {
		return was
	}
	seen[text] = text
	return text
}

// eachLine calls f with every line that ends; longer ones than a row can have are
// left out.
func eachLine(ctx context.Context, path string, f func([]byte)) error {
	file, _, err := regular.Open(path, regular.Unbounded)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", filepath.Base(path), files.Innermost(err))
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 64<<10)
	var text []byte
	for long := false; ; {
		part, err := r.ReadSlice('\n')
		switch {
		case err == bufio.ErrBufferFull:
			if long = long || len(text)+len(part) > maxRow; !long {
				text = append(text, part...)
			}
			continue
		case err == io.EOF:
			return nil // what is left is torn
		case err != nil:
			return fmt.Errorf("%s cannot be read: %w", filepath.Base(path), files.Innermost(err))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !long {
			f(append(text, part...))
		}
		text, long = text[:0], false
	}
}

// encodeFloats writes numbers as little-endian float32 in base64; "" for none.
func encodeFloats(values []float32) string {
	if values == nil {
		return ""
	}
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return base64.StdEncoding.EncodeToString(b)
}

// decodeFloats reads n numbers, or none of "".
func decodeFloats(text string, n int) (values []float32, ok bool) {
	if text == "" {
		return nil, true
	}
	if base64.StdEncoding.DecodedLen(len(text)) > 4*n+2 {
		return nil, false
	}
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) != 4*n {
		return nil, false
	}
	values = make([]float32, n)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return values, true
}

func decodeCells(text string) (cells []float32, ok bool) {
	cells, ok = decodeFloats(text, audit.Side*audit.Side)
	return cells, ok && usable(cells)
}

// finite reports whether there are numbers, and all of them are.
func finite(values []float32) bool {
	return values != nil && !slices.ContainsFunc(values, func(v float32) bool { return v-v != 0 })
}

// usable reports whether cells are those of a map: no NaN, nothing infinite,
// nothing below 0.
func usable(cells []float32) bool {
	return !slices.ContainsFunc(cells, func(v float32) bool { return !(v >= 0 && v <= math.MaxFloat32) })
}

func array(values []float32, shape ...int) []byte {
	var b bytes.Buffer
	_ = npy.Write(&b, shape, values) // a buffer takes everything
	return b.Bytes()
}

// readArray reads n numbers that are usable.
func readArray(path string, n int, usable func([]float32) bool) ([]float32, error) {
	data, err := files.Read(path, maxRow)
	if err != nil {
		return nil, err
	}
	a, err := npy.Read(bytes.NewReader(data), int64(4*n))
	if err == nil && (len(a.Data) != n || !usable(a.Data)) {
		err = errors.New("holds other numbers than it should")
	}
	return a.Data, err
}
