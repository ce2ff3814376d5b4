package listing

import (
	"fmt"
	"testing"
)

func shelf() []Item {
	return []Item{
		{Name: "p10.png", Answer: "tabby cat", Confidence: 0.9, Score: 2, Label: "dog", Wrong: true},
		{Name: "P2.png", Answer: "dog", Confidence: 0.4, Score: 5, Label: "dog"},
		{Name: "unknown.png"},
		{Name: "cat.png", Answer: "dog", Confidence: 0.6, Score: 1},
	}
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		listing Listing
		want    string
	}{
		{Listing{}, "[0 1 2 3]"},
		{Listing{Reverse: true}, "[3 2 1 0]"},
		{Listing{By: Name}, "[3 1 0 2]"},
		{Listing{By: Name, Reverse: true}, "[2 0 1 3]"},
		{Listing{By: Answer}, "[3 1 0 2]"}, // dog 0.6, dog 0.4, tabby
		{Listing{By: Answer, Reverse: true}, "[0 3 1 2]"},
		{Listing{By: Confidence}, "[0 3 1 2]"},
		{Listing{By: Confidence, Reverse: true}, "[1 3 0 2]"}, // what is not known stays last
		{Listing{By: Score}, "[1 0 3 2]"},
		{Listing{By: Label}, "[0 1 2 3]"},
		{Listing{Wrong: true}, "[0]"},
		{Listing{Filter: "CAT"}, "[0 3]"},
		{Listing{Filter: " cat  tabby "}, "[0]"},
		{Listing{Filter: "answer:dog"}, "[1 3]"},
		{Listing{Filter: "name:cat"}, "[3]"},
		{Listing{Filter: "label:dog >0.5"}, "[0]"},
		{Listing{Filter: "<0.6"}, "[1]"},
		{Listing{Filter: "<=60%"}, "[1 3]"},
		{Listing{Filter: ">=0.4"}, "[0 1 3]"},
		{Listing{Filter: "<cat"}, "[]"},
		{Listing{Filter: "<"}, "[]"},
	} {
		if got := fmt.Sprint(c.listing.Order(shelf())); got != c.want {
			t.Errorf("%+v: %s, want %s", c.listing, got, c.want)
		}
	}
	if (Listing{Filter: " "}).Answers() || !(Listing{Filter: "x"}).Answers() || !(Listing{By: Label}).Answers() || (Listing{By: Name}).Answers() {
		t.Error("it is not known when answers matter")
	}
}

func TestLabelsComeFromFoldersThatAreClasses(t *testing.T) {
	l := NewLabels([]string{"tench, Tinca tinca", "Hand-blower", "crane", "crane", ""})
	for path, want := range map[string]int{
		"/data/test/tench/1.jpg": 0, "/d/tinca_tinca/1.jpg": 0, "/d/hand blower/a/../1.jpg": 1, "/d/HAND_BLOWER/1.jpg": 1,
		"/d/crane/1.jpg": -1, "/d/other/1.jpg": -1, "/1.jpg": -1, "": -1, "/d/tench, tinca tinca/x.png": 0,
	} {
		if got := l.Of(path); got != want {
			t.Errorf("%s is %d, want %d", path, got, want)
		}
	}
}
