package labels

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"picasso/backend/files"
)

// FromFolders names the labels that are the folders pictures lie in.
const FromFolders = "folders"

// Read reads labels: of a file, of a folder with a YOLO data set, or [FromFolders].
// places are the paths of the pictures, classes the names of the model's. Errors
// follow the path.
func Read(ctx context.Context, path string, places, classes []string) (*Source, error) {
	if path == FromFolders {
		return Folders(places)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return yolo(ctx, path)
	}
	if yoloFile(path) {
		return yolo(ctx, filepath.Dir(path))
	}
	data, err := files.Read(path, maxFile)
	if err != nil {
		return nil, err
	}
	s, err := Parse(data, classes)
	if err != nil {
		return nil, err
	}
	if len(s.Entries) == 0 {
		return nil, errors.New("it labels no picture")
	}
	return s, nil
}

// Parse reads a file by its content: JSON, else a table.
func Parse(data []byte, classes []string) (*Source, error) {
	if head := bytes.TrimLeft(data, "\xef\xbb\xbf \t\r\n"); len(head) > 0 && head[0] == '{' {
		return document(head)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, errors.New("it is neither a table nor JSON")
	}
	return Table(data, classes)
}

// Sum tells labels apart by what they say and how they are read.
func (s *Source) Sum(p Policy, renamed map[string]string) string {
	h := sha256.New()
	_ = json.NewEncoder(h).Encode([]any{s.Form, s.Classes, s.Exclusive, p, renamed}) // a hash takes everything
	for _, e := range s.Entries {
		_ = json.NewEncoder(h).Encode(e)
	}
	return hex.EncodeToString(h.Sum(nil))
}
