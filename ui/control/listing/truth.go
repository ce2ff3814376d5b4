package listing

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"picasso/backend/picture"
	"picasso/visualizers/audit/labels"
)

// Truth is what a file of labels says of pictures.
type Truth struct {
	Source *labels.Source
	file   string
	truth  *labels.Truth
}

// ReadTruth reads a file of labels, see [labels.Read], about pictures, of which each is
// known by one or several paths, for a model whose classes have these names. source is what the file was read
// as for this model before, nil where it was not. Uncertain labels are left open, and
// blank ones mean absent.
func ReadTruth(ctx context.Context, file string, source *labels.Source, paths [][]string, names []string) (Truth, error) {
	places := make([][]string, len(paths))
	first := make([]string, len(paths))
	for i, all := range paths {
		for _, path := range all {
			places[i] = append(places[i], strings.TrimPrefix(filepath.ToSlash(path), "/"))
		}
		first[i] = places[i][0]
	}
	t := Truth{Source: source, file: filepath.Base(picture.Said(file))}
	var err error
	if t.Source == nil {
		if t.Source, err = labels.Read(ctx, file, first, names); err != nil {
			return t, err
		}
	}
	if t.truth, err = labels.Match(t.Source, places, names, nil, labels.Policy{}); err != nil {
		return t, err
	}
	if len(paths) > 0 && t.truth.Counts.Matched == 0 {
		return t, fmt.Errorf("it labels none of the %d pictures in the list; it names %s, for example", len(paths), picture.Said(t.Source.Entries[0].Place))
	}
	return t, nil
}

// Of is what is said of picture i.
func (t Truth) Of(i int) Known { return Marked(t.truth.Items[i]) }

// String says what was found.
func (t Truth) String() string {
	n := t.truth.Counts
	text := fmt.Sprintf("What %d of %d pictures show is taken from %s, %s.", n.Matched, len(t.truth.Items), t.file, t.Source.Form)
	if unknown := n.UnknownLabels; len(unknown) > 0 {
		const most = 3
		text += " No class of the model: " + strings.Join(unknown[:min(len(unknown), most)], ", ")
		if more := len(unknown) - most; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		text += "."
	}
	return text + " The list can be filtered by label:, and show only answers that differ."
}
