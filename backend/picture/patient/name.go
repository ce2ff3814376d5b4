package patient

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AddName adds a person's name as DICOM writes it (VR PN): up to three groups
// of one name in different scripts, divided by =, each of family name, given
// name, middle name, prefix and suffix, divided by ^.
func (f *Facts) AddName(value string) {
	if !f.first("name ", value) {
		return
	}
	for _, group := range strings.Split(value, "=") {
		parts := strings.Split(group, "^")
		parts = parts[:min(len(parts), 3)] // prefix and suffix are nobody's own
		if nobody(strings.Join(coarse(group, false), "")) {
			continue
		}
		f.plain.name(parts, same)
		f.plain.name(parts, reduce)
		if hasForeign(fold(group)) {
			f.foreign.name(parts, latin)
		} else {
			f.roman.name(parts, latin)
		}
	}
}

// maxWords bounds the words of a name that are combined.
const maxWords = 4

// name adds a name in one script, in the spelling that as makes of a folded
// one.
func (x *index) name(parts []string, as func(string) string) {
	var words []string // of all parts
	add := func(w string) {
		if w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	var whole []string
	for _, part := range parts {
		all := ""
		for _, w := range coarse(part, false) {
			if !title(w) {
				all += w
				add(as(w))
			}
		}
		if all = as(all); all != "" {
			whole = append(whole, all)
		}
	}
	for _, w := range append(slices.Clone(words), whole...) {
		x.single(w)
	}
	x.combine(words, as)
	x.combine(whole, as)
	if len(words) > 1 && len(words) <= maxWords {
		x.all(words)
	}
	if len(whole) > 1 {
		x.initials(whole, as)
	}
}

// single adds a part of a name that counts alone where it is long enough: three
// letters as a word, five inside one; of signs, two anywhere.
func (x *index) single(w string) {
	n := utf8.RuneCountInString(w)
	if particle(w) || strings.ContainsFunc(w, unicode.IsDigit) {
		return
	}
	if syllabic(w) {
		if n >= 2 {
			x.word(w)
			x.anywhere(w)
		}
		return
	}
	if n >= 3 {
		x.word(w)
	}
	if n >= 5 {
		x.anywhere(w)
	}
}

// combine adds two and more words in any order.
func (x *index) combine(words []string, as func(string) string) {
	words = words[:min(len(words), maxWords)]
	var rest func(joined string, used, count int)
	rest = func(joined string, used, count int) {
		if count > 1 {
			x.join(as(joined))
		}
		for i, w := range words {
			if used&(1<<i) == 0 {
				rest(joined+w, used|1<<i, count+1)
			}
		}
	}
	rest("", 0, 0)
}

// initials adds the family name with the first letters of the others, and the
// given name with that of the family, before and behind.
func (x *index) initials(parts []string, as func(string) string) {
	add := func(name, letters string) {
		for _, joined := range []string{as(letters + name), as(name + letters)} {
			if utf8.RuneCountInString(joined) >= 4 && !syllabic(joined) {
				x.word(joined)
			}
		}
	}
	letters := ""
	for _, p := range parts[1:] {
		letters += initial(p)
		add(parts[0], letters)
	}
	add(parts[1], initial(parts[0]))
}

func initial(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	return string(r)
}

// title reports whether a word stands before names.
func title(w string) bool {
	switch w {
	case "dr", "prof", "mr", "mrs", "ms", "herr", "frau", "med", "phd", "md", "jr", "sr":
		return true
	}
	return false
}

// particle reports whether a word is a part of many names and counts only with
// the others.
func particle(w string) bool {
	switch w {
	case "van", "von", "vom", "der", "den", "des", "del", "della", "los", "las", "bin", "ibn", "bint", "abu", "dos", "das", "san", "ten", "ter", "zur", "zum", "the", "und", "and":
		return true
	}
	return false
}
