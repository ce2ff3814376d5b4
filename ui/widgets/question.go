package widgets

import (
	"strings"

	"picasso/backend/picture"
)

// Question is a request for a path, by the system's dialog or Fyne's own.
type Question struct {
	Title      string
	Kind       string   // "Models"
	Extensions []string // without the dot
	Folder     bool
	Save       string // proposed name; "" opens
}

// ImageExtensions are the kinds of pictures the file dialog offers first.
func ImageExtensions() []string {
	var out []string
	for _, e := range picture.Extensions() {
		out = append(out, strings.TrimPrefix(e, "."))
	}
	return out
}

// LabelQuestion asks for a file with the names of classes, or with what pictures
// show.
func LabelQuestion() Question {
	return Question{Title: "Choose a file with the names of the classes, or with what pictures show", Kind: "Label files", Extensions: []string{"txt", "json", "csv", "tsv", "yaml"}}
}
