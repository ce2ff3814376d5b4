package labels

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Bounds of label files.
const (
	maxFile    = 256 << 20 // bytes
	maxClasses = 20_000
	maxEntries = 2_000_000
)

// Mark is what a label says of one class.
type Mark int8

// Marks.
const (
	Absent Mark = iota
	Present
	Uncertain // −1 in CheXpert's tables
	Blank     // not mentioned
)

// Source is what a file says, in its own words.
type Source struct {
	Form    string   // for people: "a table with one column of labels"
	Classes []string // that it speaks of
	Entries []Entry
	// Exclusive says that every picture has exactly one class.
	Exclusive bool
}

// Entry is what is said of one picture.
type Entry struct {
	Place string       // path, or part of one, with /
	Marks map[int]Mark // by class of the source; what is missing is Absent
}

// Policy is how labels that leave something open are read.
type Policy struct {
	Uncertain string `json:"uncertain"` // "ignore", "one" or "zero"
	Blank     string `json:"blank"`     // "zero" or "ignore"
}

// Check completes a policy: uncertain labels are ignored and blanks mean absent
// unless something else is asked for (Irvin et al. 2019, arXiv:1901.07031).
func (p Policy) Check() (Policy, error) {
	if p.Uncertain == "" {
		p.Uncertain = "ignore"
	}
	if p.Blank == "" {
		p.Blank = "zero"
	}
	if !slices.Contains([]string{"ignore", "one", "zero"}, p.Uncertain) {
		return p, fmt.Errorf("uncertain labels: %q is unknown; choose ignore, one or zero", p.Uncertain)
	}
	if p.Blank != "zero" && p.Blank != "ignore" {
		return p, fmt.Errorf("blank labels: %q is unknown; choose zero or ignore", p.Blank)
	}
	return p, nil
}

// read is a mark by the policy; known is false where it is left open.
func (p Policy) read(m Mark) (present, known bool) {
	switch m {
	case Uncertain:
		return p.Uncertain == "one", p.Uncertain != "ignore"
	case Blank:
		return false, p.Blank == "zero"
	}
	return m == Present, true
}

// classIndex numbers names as they come.
type classIndex struct {
	names []string
	at    map[string]int
}

func (c *classIndex) of(name string) (int, error) {
	if i, ok := c.at[name]; ok {
		return i, nil
	}
	if len(c.names) == maxClasses {
		return 0, fmt.Errorf("there are more than %d different labels; is this the column with labels?", maxClasses)
	}
	if c.at == nil {
		c.at = map[string]int{}
	}
	c.at[name] = len(c.names)
	c.names = append(c.names, name)
	return len(c.names) - 1, nil
}

// splits are folders that divide a data set rather than name a class.
var splits = []string{"train", "training", "val", "valid", "validation", "test", "testing", "images"}

// Split is the part of a data set, such as "train" or "test", that a place with / lies
// in; "" for none.
func Split(place string) string {
	for _, folder := range strings.Split(path.Dir(place), "/") {
		if name := strings.ToLower(folder); name != "images" && slices.Contains(splits, name) {
			return name
		}
	}
	return ""
}

// Folders takes the folder that each picture lies in for its class; places are
// paths with /. Folders of splits are passed over.
func Folders(places []string) (*Source, error) {
	s := &Source{Form: "one folder for each class", Exclusive: true}
	var classes classIndex
	for _, place := range places {
		parts := strings.Split(path.Dir(place), "/")
		for len(parts) > 0 && (parts[0] == "." || slices.Contains(splits, strings.ToLower(parts[0]))) {
			parts = parts[1:]
		}
		if len(parts) == 0 {
			continue // a picture beside the folders
		}
		k, err := classes.of(parts[0])
		if err != nil {
			return nil, err
		}
		s.Entries = append(s.Entries, Entry{place, map[int]Mark{k: Present}})
	}
	if s.Classes = classes.names; len(s.Entries) == 0 {
		return nil, errors.New("no picture lies in a folder of its own class; give a file with labels")
	}
	return s, nil
}

// Fold is a name as it is compared: without case, and with underscores, hyphens and
// spaces alike.
func Fold(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return ' '
		}
		return r
	}, strings.ToLower(name))
	return strings.Join(strings.Fields(name), " ")
}
