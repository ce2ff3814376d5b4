// Package listing says which of many pictures are shown, and in which order:
// the same for the list of pictures and for the table of results.
package listing

import (
	"cmp"
	"slices"
	"strings"

	"picasso/ui/control/intake"
)

// By is what pictures are ordered by.
type By int

// Orders.
const (
	Added      By = iota // as they were added
	Name                 // numbers in names by their value
	Answer               // the best class, then its confidence
	Confidence           // the probability of the best class, highest first
	Score                // the explained score of the best class, highest first
	Label                // the known label
)

// Item is a picture as far as order and filter go.
type Item struct {
	Name       string
	Answer     string  // the best class; "" while it is not known
	Confidence float64 // its probability
	Score      float64 // its score on the scale that is explained
	Label      string  // what the picture is known to show; "" when that is not known
	Wrong      bool    // the answer is another class than the label
}

// Listing is a choice of pictures and their order. The zero value shows all as
// they were added.
type Listing struct {
	By      By
	Reverse bool
	Filter  string // see [Listing.shows]
	Wrong   bool   // only those whose answer is another class than their label
}

// Whole reports whether nothing is filtered out.
func (l Listing) Whole() bool { return strings.TrimSpace(l.Filter) == "" && !l.Wrong }

// Answers reports whether an answer that becomes known may change the listing.
func (l Listing) Answers() bool { return !l.Whole() || l.By > Name }

// Order is the indices of the items to show, in their order. Items that lack
// what they are ordered by come last, whichever way the order goes, and as they
// were added.
func (l Listing) Order(items []Item) []int {
	shows := l.shows()
	list := make([]int, 0, len(items))
	for i := range items {
		if shows(&items[i]) && (!l.Wrong || items[i].Wrong) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(i, j int) int { return l.compare(&items[i], &items[j]) })
	if l.By == Added && l.Reverse {
		slices.Reverse(list)
	}
	return list
}

func (l Listing) compare(a, b *Item) int {
	if last := cmp.Compare(l.lacking(a), l.lacking(b)); last != 0 || l.lacking(a) == 1 {
		return last
	}
	c := 0
	switch l.By {
	case Name:
		c = names(a.Name, b.Name)
	case Answer:
		c = names(a.Answer, b.Answer)
	case Confidence:
		c = cmp.Compare(b.Confidence, a.Confidence)
	case Score:
		c = cmp.Compare(b.Score, a.Score)
	case Label:
		c = names(a.Label, b.Label)
	}
	if l.Reverse {
		c = -c
	}
	if l.By == Answer || l.By == Label { // within a class, the surest first
		c = cmp.Or(c, cmp.Compare(b.Confidence, a.Confidence))
	}
	return c
}

// lacking is 1 for an item that has nothing to be ordered by, else 0.
func (l Listing) lacking(i *Item) int {
	if l.By > Name && l.By != Label && i.Answer == "" || l.By == Label && i.Label == "" {
		return 1
	}
	return 0
}

// names orders names as people do, whatever their case.
func names(a, b string) int { return intake.Natural(strings.ToLower(a), strings.ToLower(b)) }
