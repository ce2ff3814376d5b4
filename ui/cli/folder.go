package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/regular"
	"picasso/ui/drawing"
)

// folder collects the results of one image under a temporary name and takes
// its place only when all of them are there, so that a stopped run leaves
// whole results or none.
type folder struct {
	temporary, final string
	notice           string // that every file made for people carries, or ""
}

func newFolder(out, name, notice string) (*folder, error) {
	tmp, err := files.UnfinishedFolder(out)
	if err != nil {
		return nil, fmt.Errorf("%s: results cannot be written: %w", picture.Said(out), bare(err))
	}
	return &folder{temporary: tmp, final: filepath.Join(out, name), notice: notice}, nil
}

// publish moves every file to the image's folder; files of the same name from
// earlier runs are replaced, others stay.
func (f *folder) publish() error {
	if err := os.MkdirAll(f.final, 0o777); err != nil {
		return err
	}
	entries, err := os.ReadDir(f.temporary)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(f.temporary, e.Name()), filepath.Join(f.final, e.Name())); err != nil {
			return err
		}
	}
	return os.Remove(f.temporary)
}

// discard removes what was not published.
func (f *folder) discard() { os.RemoveAll(f.temporary) }

func (f *folder) array(name string, shape []int, data []float32) error {
	var buf bytes.Buffer
	if err := npy.Write(&buf, shape, data); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.temporary, name), buf.Bytes(), 0o666)
}

// png writes a picture at its own size; its lowest rows take the notice.
func (f *folder) png(name string, img *image.RGBA) error {
	drawing.Mark(img, f.notice)
	return writePNG(filepath.Join(f.temporary, name), img, f.notice)
}

func writePNG(path string, img image.Image, notice string) error {
	w, err := files.Create(path, 0o666)
	if err != nil {
		return err
	}
	defer w.Discard()
	if err := drawing.WritePNG(w, img, notice); err != nil {
		return err
	}
	return w.Commit()
}

func (f *folder) json(name string, v any) error {
	return writeJSON(filepath.Join(f.temporary, name), v)
}

func writeJSON(path string, v any) error {
	var b bytes.Buffer
	if err := printJSON(&b, v); err != nil {
		return err
	}
	return files.Write(path, b.Bytes(), 0o666)
}

// printJSON writes a value as every command and file of ours does.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
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
