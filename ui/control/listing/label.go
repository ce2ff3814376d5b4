package listing

import (
	"path/filepath"
	"strings"
)

// Labels finds what a picture shows by the folder it lies in, where that is
// named after a class, as in data sets sorted by class: "test/tench/12.jpg".
type Labels struct{ class map[string]int }

// NewLabels knows the names of the classes. A name may list synonyms, divided
// by commas; one that two classes share names neither.
func NewLabels(names []string) Labels {
	l := Labels{class: make(map[string]int, len(names))}
	for i, name := range names {
		for _, one := range append(strings.Split(name, ","), name) {
			key := plain(one)
			if before, taken := l.class[key]; taken && before != i {
				l.class[key] = -1
				continue
			}
			l.class[key] = i
		}
	}
	delete(l.class, "")
	return l
}

// Of is the class that the folder of a file is named after, −1 for none.
func (l Labels) Of(path string) int {
	if path == "" {
		return -1
	}
	if i, ok := l.class[plain(filepath.Base(filepath.Dir(path)))]; ok {
		return i
	}
	return -1
}

// plain is a name without what file names do to it.
func plain(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(name))), " ")
}
