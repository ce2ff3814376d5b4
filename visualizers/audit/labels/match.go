package labels

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Truth is what labels say of items, in the words of the model. It is kept with an
// audit.
type Truth struct {
	Form      string `json:"form"`
	Exclusive bool   `json:"exclusive"` // every item has one class
	Policy    Policy `json:"policy"`
	// Covered are the classes of the model that the labels speak of, ascending.
	Covered []int    `json:"classes"`
	Items   []*Marks `json:"items"` // in the order of the items; nil without a label
	Counts  Counts   `json:"counts"`
}

// Marks are what is said of an item. Covered classes that are in neither list are
// absent.
type Marks struct {
	Present []int `json:"present,omitempty"`
	Unknown []int `json:"unknown,omitempty"`
}

// Counts tell what matched and what did not.
type Counts struct {
	Matched       int      `json:"matched"`
	WithoutLabel  int      `json:"items_without_label"`
	WithoutItem   int      `json:"labels_without_item"`
	UnknownLabels []string `json:"labels_that_are_no_class"` // of the source
	Unlabelled    int      `json:"classes_without_label"`    // of the model
}

// Strangers says in words which labels are no class of the model; "" where all are.
func (c Counts) Strangers() string {
	const most = 8 // that are named
	list, more, what := c.UnknownLabels, "", "labels are no classes"
	switch n := len(list); {
	case n == 0:
		return ""
	case n == 1:
		what = "label is no class"
	case n > most:
		list, more = list[:most], ", …"
	}
	return fmt.Sprintf("%d %s of the model: %s%s", len(c.UnknownLabels), what, strings.Join(list, ", "), more)
}

// Of implements the truth that an analysis asks for. An item whose one label is no class
// of the model is none of the classes that labels speak of; whether it is another one,
// which they may call by that label, nobody knows.
func (t *Truth) Of(i, class int) (is, known bool) {
	if t == nil || i >= len(t.Items) || t.Items[i] == nil {
		return false, false
	}
	m := t.Items[i]
	if slices.Contains(m.Present, class) {
		return true, true
	}
	if slices.Contains(m.Unknown, class) {
		return false, false
	}
	_, covered := slices.BinarySearch(t.Covered, class)
	return false, covered || t.Exclusive && len(m.Present) > 0
}

// Match finds the items that labels are about. places are, for each item, the paths
// by which it may be known; names are the model's classes; renamed says what labels
// are called there.
func Match(s *Source, places [][]string, names []string, renamed map[string]string, p Policy) (*Truth, error) {
	p, err := p.Check()
	if err != nil {
		return nil, err
	}
	t := &Truth{Form: s.Form, Exclusive: s.Exclusive, Policy: p, Items: make([]*Marks, len(places)), Counts: Counts{UnknownLabels: []string{}}}
	classes, err := t.classes(s.Classes, names, renamed)
	if err != nil {
		return nil, err
	}
	index := newPlaceIndex(places)
	for _, e := range s.Entries {
		i, err := index.find(e.Place)
		if err != nil {
			return nil, err
		}
		if i < 0 {
			t.Counts.WithoutItem++
			continue
		}
		m := t.marks(e, classes)
		if was := t.Items[i]; was != nil && !(slices.Equal(was.Present, m.Present) && slices.Equal(was.Unknown, m.Unknown)) {
			return nil, fmt.Errorf("%s is labelled twice, and not alike", e.Place)
		}
		t.Items[i] = m
	}
	for _, m := range t.Items {
		if m == nil {
			t.Counts.WithoutLabel++
			continue
		}
		t.Counts.Matched++
	}
	return t, nil
}

// classes are the model's for each class of the source, −1 for none.
func (t *Truth) classes(source, names []string, renamed map[string]string) ([]int, error) {
	at := newNameIndex(names)
	out := make([]int, len(source))
	for k, name := range source {
		called, ok := renamed[name]
		if !ok {
			called = name
		}
		if out[k] = at.find(called); ok && out[k] < 0 {
			return nil, fmt.Errorf("the model has no class %q, which %q should stand for", called, name)
		}
		if out[k] < 0 {
			t.Counts.UnknownLabels = append(t.Counts.UnknownLabels, name)
			continue
		}
		t.Covered = append(t.Covered, out[k])
	}
	slices.Sort(t.Covered)
	t.Covered = slices.Compact(t.Covered)
	if t.Counts.Unlabelled = len(names) - len(t.Covered); len(t.Covered) == 0 {
		return nil, fmt.Errorf("none of the labels (%s) is a class of the model (%s); say which is which with a=b", listed(source), listed(names))
	}
	return out, nil
}

func (t *Truth) marks(e Entry, classes []int) *Marks {
	m := &Marks{}
	for k, mark := range e.Marks {
		if classes[k] < 0 {
			continue
		}
		switch present, known := t.Policy.read(mark); {
		case !known:
			m.Unknown = append(m.Unknown, classes[k])
		case present:
			m.Present = append(m.Present, classes[k])
		}
	}
	slices.Sort(m.Present)
	slices.Sort(m.Unknown)
	return m
}

// nameIndex finds classes by what labels call them.
type nameIndex struct {
	count                int
	exact, folded, first map[string]int
}

// newNameIndex leaves out what would be ambiguous.
func newNameIndex(names []string) nameIndex {
	n := nameIndex{len(names), map[string]int{}, map[string]int{}, map[string]int{}}
	add := func(m map[string]int, key string, k int) {
		if was, twice := m[key]; twice && was != k {
			k = -1
		}
		m[key] = k
	}
	for k, name := range names {
		add(n.exact, name, k)
		add(n.folded, Fold(name), k)
		// Lists of ImageNet's classes name synonyms, and some begin with WordNet's id.
		synonym, _, _ := strings.Cut(name, ",")
		add(n.first, Fold(synonym), k)
		if id, rest, ok := strings.Cut(name, " "); ok && wordnet(id) {
			add(n.first, id, k)
			synonym, _, _ = strings.Cut(rest, ",")
			add(n.first, Fold(synonym), k)
		}
	}
	return n
}

// wordnet reports an id like n01440764.
func wordnet(id string) bool {
	_, err := strconv.ParseUint(strings.TrimPrefix(id, "n"), 10, 64)
	return err == nil && len(id) == 9 && id[0] == 'n'
}

// find is the class of a name, or of its number; −1 for none.
func (n nameIndex) find(name string) int {
	for _, try := range []struct {
		in  map[string]int
		key string
	}{{n.exact, name}, {n.folded, Fold(name)}, {n.first, Fold(name)}} {
		if k, ok := try.in[try.key]; ok && k >= 0 {
			return k
		}
	}
	if k, err := strconv.Atoi(name); err == nil && k >= 0 && k < n.count {
		return k
	}
	return -1
}

// placeIndex finds items by the end of their path: whole, without the first
// folders, and without the extension.
type placeIndex map[string]int

// several stands for more than one item.
const several = -2

func newPlaceIndex(places [][]string) placeIndex {
	index := placeIndex{}
	add := func(key string, i int) {
		if was, ok := index[key]; ok && was != i {
			i = several
		}
		index[key] = i
	}
	for i, all := range places {
		for _, place := range all {
			for _, end := range ends(place) {
				add(end, i)
				add(stem(end), i)
			}
		}
	}
	return index
}

// ends are a path, and what is left of it without its first folders.
func ends(place string) []string {
	out := []string{place}
	for {
		_, rest, ok := strings.Cut(place, "/")
		if !ok {
			return out
		}
		place = rest
		out = append(out, place)
	}
}

// stem is a path without its extension, marked as such.
func stem(place string) string {
	base := strings.TrimSuffix(place, ".gz")
	return "*" + strings.TrimSuffix(base, path.Ext(base))
}

// find is the item of a path: the longest end that names exactly one; −1 for none.
// An end that names several is an error where no longer one names one.
func (x placeIndex) find(place string) (int, error) {
	for _, form := range []func(string) string{func(s string) string { return s }, func(s string) string { return "*" + s }, stem} {
		for _, end := range ends(place) {
			i, ok := x[form(end)]
			switch {
			case ok && i == several:
				return 0, fmt.Errorf("%s may be several of the pictures; give more of their paths", place)
			case ok:
				return i, nil
			}
		}
	}
	return -1, nil
}
