package patient

import "strings"

// Facts is what is known of one or several patients. The zero value knows
// nothing. It may be read by several goroutines while nobody adds to it.
type Facts struct {
	seen  map[string]bool // values added, so that a thousand equal slices cost one
	dates map[date]bool
	// By how names and numbers are spelled: folded, and without digraphs; names
	// in Cyrillic and Greek in Latin letters; other names spelled like those,
	// for texts in Cyrillic and Greek.
	plain, foreign, roman index
}

// Empty reports whether nothing is known.
func (f *Facts) Empty() bool { return f == nil || len(f.seen) == 0 }

// first reports whether a value is new, and not that of nobody.
func (f *Facts) first(kind, value string) bool {
	if f.seen == nil {
		f.seen, f.dates = map[string]bool{}, map[date]bool{}
	}
	if f.seen[kind+value] || nobody(strings.Join(coarse(value, false), "")) {
		return false
	}
	f.seen[kind+value] = true
	return true
}

// nobody reports whether a value stands for a patient who was made nameless.
func nobody(all string) bool {
	switch all {
	case "", "anon", "deidentified", "unknown", "none", "noname", "removed", "redacted", "patient", "xxx", "unbekannt":
		return true
	}
	return strings.HasPrefix(all, "anonym")
}

// AddNumber adds what identifies without being a name: a number of the patient
// or of the study, an address. Four letters or digits count as words, six
// anywhere, and so do the digits alone where there are five or more.
func (f *Facts) AddNumber(value string) {
	if !f.first("number ", value) {
		return
	}
	f.plain.join(strings.Join(coarse(value, false), ""))
	for _, w := range coarse(value, true) {
		if digits := strings.TrimLeft(w, "0"); len(digits) >= 5 && numeric(digits) {
			f.plain.word(digits)
		}
	}
}

func numeric(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// Add takes over all that others know.
func (f *Facts) Add(o *Facts) {
	if o.Empty() {
		return
	}
	f.first("", "") // makes the maps
	for k := range o.seen {
		f.seen[k] = true
	}
	for d := range o.dates {
		f.dates[d] = true
	}
	f.plain.add(&o.plain)
	f.foreign.add(&o.foreign)
	f.roman.add(&o.roman)
}

// In reports whether a text names one of the patients.
func (f *Facts) In(text string) bool {
	if f.Empty() || text == "" {
		return false
	}
	words, runs := fine(text), coarse(text, false)
	if f.dateIn(words) || f.plain.in(words, runs, same) || f.plain.in(words, runs, reduce) || f.foreign.in(words, runs, latin) {
		return true
	}
	return hasForeign(fold(text)) && f.roman.in(words, runs, latin)
}

func same(s string) string { return s }
