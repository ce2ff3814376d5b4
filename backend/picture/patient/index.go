package patient

import (
	"strings"
	"unicode/utf8"
)

// index finds words and parts of words in one spelling, in a time that does
// not grow with the number of patients.
type index struct {
	exact map[string]bool       // count as a word, or as words in a row
	part  map[string]bool       // count inside a word or the whole text
	lead  map[string]bool       // the beginnings of part
	long  int                   // letters of the longest of part
	short map[string][][]string // names whose words must all be there, by the first
}

// word adds what counts as a word.
func (x *index) word(s string) {
	if x.exact == nil {
		x.exact = map[string]bool{}
	}
	x.exact[s] = true
}

// anywhere adds what counts wherever it stands.
func (x *index) anywhere(s string) {
	if x.part == nil {
		x.part, x.lead = map[string]bool{}, map[string]bool{}
	}
	x.part[s] = true
	runes := []rune(s)
	x.long = max(x.long, len(runes))
	x.lead[string(runes[:leadOf(s)])] = true
}

// Beginnings of parts: two signs, or five letters.
const leadSigns, leadLetters = 2, 5

func leadOf(s string) int {
	if syllabic(s) {
		return leadSigns
	}
	return leadLetters
}

// join adds something that is written without separators: as a word from four
// letters on, anywhere from six on, or from two signs on.
func (x *index) join(all string) {
	n := utf8.RuneCountInString(all)
	signs := syllabic(all) && n >= 2
	if signs || n >= 4 {
		x.word(all)
	}
	if signs || n >= 6 {
		x.anywhere(all)
	}
}

// all adds a name of several words, all of which must be there.
func (x *index) all(words []string) {
	if x.short == nil {
		x.short = map[string][][]string{}
	}
	x.short[words[0]] = append(x.short[words[0]], words)
}

// add takes over what another index has.
func (x *index) add(o *index) {
	for s := range o.exact {
		x.word(s)
	}
	for s := range o.part {
		x.anywhere(s)
	}
	for _, names := range o.short {
		for _, words := range names {
			x.all(words)
		}
	}
}

// in looks a text up: its smallest words and its runs of letters and digits,
// both spelled by as.
func (x *index) in(words, runs []string, as func(string) string) bool {
	if len(x.exact)+len(x.part)+len(x.short) == 0 {
		return false
	}
	if x.inARow(words, as) || x.inARow(runs, as) || x.haveAll(words, as) {
		return true
	}
	return x.inside(as(strings.Join(runs, "")))
}

// maxRow bounds the words that are joined.
const maxRow = 12

// inARow looks for words, alone and joined with those that follow.
func (x *index) inARow(words []string, as func(string) string) bool {
	for i := range words {
		row := ""
		for j := i; j < len(words) && j < i+maxRow; j++ {
			row += words[j]
			if all := as(row); x.exact[all] || numeric(all) && x.exact[strings.TrimLeft(all, "0")] {
				return true
			}
		}
	}
	return false
}

// inside looks for parts in a text without separators.
func (x *index) inside(s string) bool {
	if len(x.part) == 0 {
		return false
	}
	runes := []rune(s)
	for i := range runes {
		for _, lead := range [...]int{leadSigns, leadLetters} {
			if i+lead > len(runes) || !x.lead[string(runes[i:i+lead])] {
				continue
			}
			for end := i + lead; end <= min(len(runes), i+x.long); end++ {
				if x.part[string(runes[i:end])] {
					return true
				}
			}
		}
	}
	return false
}

// haveAll looks for names all of whose words are there.
func (x *index) haveAll(words []string, as func(string) string) bool {
	if len(x.short) == 0 {
		return false
	}
	have := map[string]bool{}
	for _, w := range words {
		have[as(w)] = true
	}
	for w := range have {
		for _, name := range x.short[w] {
			found := 0
			for _, part := range name {
				if have[part] {
					found++
				}
			}
			if found == len(name) {
				return true
			}
		}
	}
	return false
}
