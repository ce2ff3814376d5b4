package metadata

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/files"
	"picasso/backend/jsondoc"
	"picasso/backend/labelfile"
	"picasso/backend/preprocess"
)

// MaxDocument bounds the configuration files that are read beside a model.
const MaxDocument = 16 << 20

// Document is a JSON object beside the model. What cannot be used in it
// becomes a warning that names file, line and key; the rest is used.
type Document struct {
	Facts *Facts
	Name  string // for the user
	Root  *jsondoc.Node
}

// Near finds a file of one of the names in the model's folder or where a
// repository layout puts it: Hugging Face keeps models in onnx/, Triton in a
// folder named by the version, MONAI in models/ beside configs/. "" when there
// is none.
func (f *Facts) Near(names ...string) string {
	folder := filepath.Dir(f.path)
	folders := []string{folder}
	own := ""
	if abs, err := filepath.Abs(folder); err == nil {
		own = filepath.Base(abs)
	}
	if _, err := strconv.Atoi(own); err == nil || own == "onnx" {
		folders = append(folders, filepath.Join(folder, ".."))
	}
	if own == "models" {
		folders = append(folders, filepath.Join(folder, "..", "configs"))
	}
	for _, name := range names {
		for _, at := range folders {
			path := filepath.Join(at, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}

// Document reads a JSON object; nil when path is "" or the file cannot be
// used, which it warns of.
func (f *Facts) Document(path string) *Document {
	if path == "" {
		return nil
	}
	name := filepath.Base(path)
	data, err := files.Read(path, MaxDocument)
	if err != nil {
		f.Warn("%s cannot be read: %v. It is not used.", name, err)
		return nil
	}
	root, err := jsondoc.Parse(data)
	if err == nil && root.Kind != jsondoc.Object {
		err = errors.New("must be a JSON object {…}")
	}
	if err != nil {
		f.Warn("%s %v. It is not used.", name, err)
		return nil
	}
	return &Document{f, name, root}
}

// Warn adds a sentence for the user, once: several sources may read a file.
func (f *Facts) Warn(format string, args ...any) {
	f.warn(Warning{Text: fmt.Sprintf(format, args...)})
}

// guess is [Facts.Warn] for what is a guess about the preparation of pictures.
func (f *Facts) guess(format string, args ...any) {
	f.warn(Warning{Guessed, fmt.Sprintf(format, args...)})
}

func (f *Facts) warn(w Warning) {
	if len(f.warnings) < maxWarnings && !slices.Contains(f.warnings, w) {
		f.warnings = append(f.warnings, w)
	}
}

// maxWarnings bounds what is said of one model's files: nobody reads more.
const maxWarnings = 100

// Read decodes the value under the keys into v; false where there is none, or
// none of the right form, which it warns of.
func (d *Document) Read(v any, allowed string, keys ...string) bool {
	n := d.Root.At(keys...)
	if n == nil || n.Kind == jsondoc.Null {
		return false
	}
	if n.Decode(v) != nil {
		d.Refuse(n, allowed, keys...)
		return false
	}
	return true
}

// Refuse warns of a value that is not used.
func (d *Document) Refuse(n *jsondoc.Node, allowed string, keys ...string) {
	d.Facts.Warn("%s, line %d: %q is %s, which is not used; allowed: %s.", d.Name, n.Line, strings.Join(keys, "."), n.Short(), allowed)
}

// Origin names a key of the file.
func (d *Document) Origin(key string) string { return fmt.Sprintf("%s (%s)", d.Name, key) }

// number, flag, text and count read one value, or give other.

func (d *Document) Number(other float64, keys ...string) float64 {
	v := other
	if !d.Read(&v, "a number", keys...) {
		return other
	}
	return v
}

func (d *Document) Flag(other bool, keys ...string) bool {
	v := other
	if !d.Read(&v, "true or false", keys...) {
		return other
	}
	return v
}

func (d *Document) Text(keys ...string) string {
	v := ""
	if !d.Read(&v, "a text in quotes", keys...) {
		return ""
	}
	return v
}

// Side reads a length in pixels, 0 where there is none that can be used.
func (d *Document) Side(keys ...string) int {
	v := 0
	if !d.Read(&v, "a whole number of pixels", keys...) {
		return 0
	}
	if !preprocess.SideOK(v) {
		d.Refuse(d.Root.At(keys...), fmt.Sprintf("a whole number of pixels from 1 to %d", preprocess.MaxSide), keys...)
		return 0
	}
	return v
}

// Values reads one number or one per channel.
func (d *Document) Values(keys ...string) preprocess.Values {
	const allowed = "a number, or a list with one number per channel"
	var v preprocess.Values
	if !d.Read(&v, allowed, keys...) {
		return nil
	}
	if len(v) == 0 || preprocess.Finite("", v) != nil {
		d.Refuse(d.Root.At(keys...), allowed, keys...)
		return nil
	}
	return v
}

// Labels takes over a list or an object of class names.
func (d *Document) Labels(keys ...string) {
	n := d.Root.At(keys...)
	if n == nil || n.Kind == jsondoc.Null {
		return
	}
	names, err := labelfile.FromJSON(n.Raw)
	if err == nil {
		names, err = labelfile.Check(names)
	}
	key := strings.Join(keys, ".")
	if err != nil {
		d.Facts.Warn("%s, line %d: %q %v; allowed: [\"cat\", \"dog\"] or {\"0\": \"cat\", \"1\": \"dog\"}.", d.Name, n.Line, key, err)
		return
	}
	d.Facts.Labels = append(d.Facts.Labels, LabelList{Names: names, Origin: d.Origin(key)})
}
