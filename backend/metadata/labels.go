package metadata

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"picasso/backend/files"
)

// Bounds of label files.
const (
	maxLabelBytes = 16 << 20
	MaxLabels     = 1 << 20
	maxLabelText  = 1000 // characters of one label
)

// LabelError is a label file that cannot be used.
type LabelError struct {
	Path  string
	Fault string // a clause: "is no text"
	Err   error
}

func (e *LabelError) Error() string {
	return fmt.Sprintf("%s %s; a label file has one label per line, or is a JSON list or a CSV table", filepath.Base(e.Path), e.Fault)
}

// Unwrap gives the cause.
func (e *LabelError) Unwrap() error { return e.Err }

// ReadLabels reads a label file of any known form: one label per line (with
// WordNet ids or numbers in front, which are dropped), a JSON list or object
// by index (also Keras' imagenet_class_index.json and Hugging Face's
// id2label), or CSV.
func ReadLabels(path string) ([]string, error) {
	data, err := files.Read(path, maxLabelBytes)
	if err != nil {
		return nil, &LabelError{path, "cannot be read (" + err.Error() + ")", err}
	}
	names, err := ParseLabels(path, data)
	if err != nil {
		return nil, &LabelError{path, err.Error(), err}
	}
	return names, nil
}

// labelFile is the file the user named.
type labelFile struct{ path string }

func (l labelFile) Find(f *Facts) error {
	if l.path == "" {
		return nil
	}
	names, err := ReadLabels(l.path)
	if err != nil {
		return err
	}
	f.Labels = append(f.Labels, LabelList{names, filepath.Base(l.path), true})
	return nil
}

// labelsBeside looks for label files in the model's folder, those named like
// the model first.
type labelsBeside struct{}

func (labelsBeside) Find(f *Facts) error {
	stem := filepath.Base(base(f.path))
	for _, name := range []string{
		stem + ".labels.txt", stem + ".labels", stem + ".labels.json", stem + ".labels.csv",
		stem + "_labels.txt", stem + ".txt", stem + ".csv", stem + ".names",
		"labels.txt", "labels.json", "labels.csv",
		"synset.txt", "synset_words.txt", "classes.txt", "classes.json", "classes.csv", "class_names.txt",
		"imagenet_class_index.json", "id2label.json",
	} {
		path := filepath.Join(filepath.Dir(f.path), name)
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		names, err := ReadLabels(path)
		if err != nil {
			f.Warn("%v.", err)
			continue
		}
		f.Labels = append(f.Labels, LabelList{Names: names, Origin: name + " beside the model"})
	}
	return nil
}

// CheckLabels bounds what a file may hold and trims it.
func CheckLabels(names []string) ([]string, error) {
	for len(names) > 0 && strings.TrimSpace(names[len(names)-1]) == "" {
		names = names[:len(names)-1]
	}
	if len(names) == 0 {
		return nil, errors.New("contains no labels")
	}
	if len(names) > MaxLabels {
		return nil, fmt.Errorf("contains more than %d labels", MaxLabels)
	}
	for i, n := range names {
		n = strings.TrimSpace(n)
		if r := []rune(n); len(r) > maxLabelText {
			n = string(r[:maxLabelText]) + "…"
		}
		names[i] = n
	}
	return names, nil
}
