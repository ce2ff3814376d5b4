package printed

import (
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"
)

// PerPart is how many pages one file of a report has.
const PerPart = 100

// Form writes a report in one of its forms.
type Form func(w io.Writer, head Head, list iter.Seq[Page]) error

// FormOf is the form that a file's name asks for, nil where it is none.
func FormOf(path string) Form {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".html", ".htm":
		return HTML
	case ".pdf":
		return PDF
	}
	return nil
}

// Parts are the files that a report of n pages takes: path itself, then NAME-2 and so
// on in the same folder.
func Parts(path string, n int) []string {
	all := []string{path}
	ext := filepath.Ext(path)
	for i := 2; i <= (n+PerPart-1)/PerPart; i++ {
		all = append(all, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ext), i, ext))
	}
	return all
}

// HeadOf is the head of the i-th file of a report.
func HeadOf(title, version string, parts []string, i int) Head {
	h := Head{Title: title, Version: version, Part: i + 1, Parts: len(parts)}
	if i > 0 {
		h.Previous = filepath.Base(parts[i-1])
	}
	if i+1 < len(parts) {
		h.Next = filepath.Base(parts[i+1])
	}
	return h
}
