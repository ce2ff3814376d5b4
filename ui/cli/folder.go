package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"io"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/regular"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
)

// folder collects the results of one image, which are published when all of
// them are there, so that a stopped run leaves whole results or none. Files of
// the same name from earlier runs are replaced, others stay.
type folder struct {
	*files.Folder
	notice string // that every file made for people carries, or ""
}

func newFolder(out, name, notice string, read *files.Inputs) (*folder, error) {
	f, err := files.NewFolder(out, name, read)
	if err != nil {
		return nil, fmt.Errorf("%s: results cannot be written: %w", picture.Said(out), named.Bare(err))
	}
	return &folder{f, notice}, nil
}

// resultMode is what results are made with; the user's mask says the rest.
const resultMode = 0o666

func (f *folder) put(name string, data []byte) error { return f.Put(name, data, resultMode) }

// by is put of what is written piece by piece.
func (f *folder) by(name string, write func(io.Writer) error) error {
	return f.PutBy(name, resultMode, write)
}

func (f *folder) array(name string, shape []int, data []float32) error {
	var buf bytes.Buffer
	if err := npy.Write(&buf, shape, data); err != nil {
		return err
	}
	return f.put(name, buf.Bytes())
}

// png writes a picture at its own size; its lowest rows take the notice.
func (f *folder) png(name string, img *image.RGBA) error {
	drawing.Mark(img, f.notice)
	data, err := encodePNG(img, f.notice)
	if err != nil {
		return err
	}
	return f.put(name, data)
}

func (f *folder) json(name string, v any) error {
	data, err := encodeJSON(v)
	if err != nil {
		return err
	}
	return f.put(name, data)
}

// printJSON writes a value as every command and file of ours does.
func printJSON(w io.Writer, v any) error {
	data, err := encodeJSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// encodeJSON escapes all control characters, also those that JSON allows.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&visible.Writer{To: &b, Keep: "\n"})
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}

func fileSHA256(path string) (string, error) {
	f, _, err := regular.Open(path, regular.Unbounded)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
