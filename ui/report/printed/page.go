// Package printed makes pages for people from folders of results: one page for
// each picture, as HTML or PDF. It reads what `explain` wrote (result.json and its
// pictures) and runs no model, so a page says what was found then.
//
// A folder of results is a file from outside: sizes, lengths and counts are
// bounded, names may not lead out of the folder, and what is written shows
// control characters as escapes. The same results give the same bytes.
package printed

import "image"

// Caveat stands on every page.
const Caveat = "A map shows what this model’s answer depends on in this picture, as this method measures it. " +
	"It does not show that the answer is right, and another method can mark other places."

// Page is what one page says, in words and pictures that are ready to be set.
type Page struct {
	Title    string // the picture, as it is called
	Answer   string // the model's best class with its score
	Notice   string // "" for ordinary pictures
	Panels   []Panel
	Answers  []Answer // best first
	Sections []Section
	Note     string // the reader's own; "" for none
	Caveat   string
}

// Panel is the picture, or a map over it.
type Panel struct {
	Title   string
	Picture *image.RGBA // at most [Side] pixels a side; nil where there is none
	Absent  string      // why there is none
	Bar     *Bar        // what the colours mean; nil beside the picture alone
}

// Bar is a scale of colours, low values left.
type Bar struct {
	Strip *image.RGBA
	Unit  string
	Ticks []Tick
}

// Tick is a labelled value of a bar, at a share 0…1 of its length.
type Tick struct {
	At    float64
	Label string
}

// Percent is where the tick stands, in per cent of the bar's length.
func (t Tick) Percent() float64 { return 100 * t.At }

// Answer is the model's score for one class.
type Answer struct{ Name, Probability, Logit string }

// Section is a list of facts under a heading.
type Section struct {
	Title string
	Facts []Fact
}

// Fact is one line: what it is about, and what it is.
type Fact struct{ Name, Value string }

// Head is what is said once in a file.
type Head struct {
	Title   string
	Version string // of the program that makes the pages
	Part    int    // of Parts, from 1
	Parts   int
	// Previous and Next are the names of the neighbouring parts; "" for none.
	Previous, Next string
}
