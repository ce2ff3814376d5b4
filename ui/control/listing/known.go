package listing

import (
	"slices"
	"strings"

	"picasso/visualizers/audit/labels"
)

// Known is what a picture is known to show. The zero value says nothing.
type Known struct {
	Classes []int // of the model, ascending
	Open    []int // classes that the labels leave open
}

// One is a picture that shows one class, −1 for one of which nothing is known.
func One(class int) Known {
	if class < 0 {
		return Known{}
	}
	return Known{Classes: []int{class}}
}

// Marked is what labels say of a picture, nil for nothing.
func Marked(m *labels.Marks) Known {
	if m == nil {
		return Known{}
	}
	return Known{Classes: m.Present, Open: m.Unknown}
}

// Any reports whether it is known that the picture shows something.
func (k Known) Any() bool { return len(k.Classes) > 0 }

// Wrong reports whether an answer is a class that the picture is known not to show.
func (k Known) Wrong(class int) bool {
	return k.Any() && !slices.Contains(k.Classes, class) && !slices.Contains(k.Open, class)
}

// Words are the classes in the model's words.
func (k Known) Words(name func(class int) string) string {
	words := make([]string, len(k.Classes))
	for i, class := range k.Classes {
		words[i] = name(class)
	}
	return strings.Join(words, ", ")
}
