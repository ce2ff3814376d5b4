package compare

import (
	"fmt"
	"strings"

	"picasso/backend/score"
)

// Match is one class as two models have it.
type Match struct {
	A, B   int  // its index in either
	ByName bool // the labels are the same; else only the indices are
}

// Classes finds the class of b that means what a class of a means: the one of the
// same label, letter case and spaces around it aside, else one of whose names, as
// "tench" in "tench, Tinca tinca", is a name of the other. Of several with that
// label the one of the same index goes first. Where there is none, it is the class
// of the same index; an error tells that b does not have one either.
func Classes(a, b score.Namer, class int) (Match, error) {
	label := a.ClassName(class)
	for _, same := range []func(a, b string) bool{sameLabel, shareName} {
		if class < b.Classes() && same(label, b.ClassName(class)) {
			return Match{class, class, true}, nil
		}
		for i := range b.Classes() {
			if same(label, b.ClassName(i)) {
				return Match{class, i, true}, nil
			}
		}
	}
	if class >= b.Classes() {
		return Match{}, fmt.Errorf("the second model has no class “%s”, and no class %d: it has %d", label, class, b.Classes())
	}
	return Match{A: class, B: class}, nil
}

// Note says in words what a match rests on, "" where the labels agree.
func (m Match) Note(a, b score.Namer) string {
	if m.ByName {
		return ""
	}
	return fmt.Sprintf("the second model has no class “%s”: class %d is compared by its index with its “%s”", a.ClassName(m.A), m.B, b.ClassName(m.B))
}

func sameLabel(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// shareName reports whether two lists of names with commas begin with the same
// name, or one of them is a name in the other.
func shareName(a, b string) bool {
	namesA, namesB := strings.Split(a, ","), strings.Split(b, ",")
	for _, pair := range [][]string{{namesA[0], b}, {namesB[0], a}} {
		for _, name := range strings.Split(pair[1], ",") {
			if strings.TrimSpace(name) != "" && sameLabel(pair[0], name) {
				return true
			}
		}
	}
	return false
}
