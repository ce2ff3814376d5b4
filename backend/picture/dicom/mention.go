package dicom

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mentions reports whether a text, a path for instance, tells who the patient
// is: a name, number or date of the patient, or a date or number of the study,
// stands in it. The data themselves are never given out.
//
// Of names every word of three letters or more counts, as a word of the text or
// from five letters on as a part of one, and shorter ones where all are there.
// Of all values what is left without punctuation counts, from four letters or
// digits on as words and from six on anywhere, so that "DOE^JANE" is found in
// "doe_jane.dcm" and "DoeJane2".
func (f *File) Mentions(text string) bool {
	words := wordsOf(text)
	whole := strings.Join(words, "")
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.root.elements {
		if !identifies(e.tag) || len(e.value) > maxMention {
			continue
		}
		for _, value := range strings.Split(readable(e.value), `\`) {
			if mentions(words, whole, wordsOf(value), e.tag == tagPatientName || e.vr == [2]byte{'P', 'N'}) {
				return true
			}
		}
	}
	return false
}

// maxMention bounds the values that are looked for; longer ones are comments.
const maxMention = 1 << 10

// identifies reports whether an element tells who the patient is: the patient
// module (PS3.3 C.7.1.1), dates, and the numbers that archives file by.
func identifies(t Tag) bool {
	switch {
	case t.group() == 0x0010:
		return true
	case t >= tagStudyDate && t <= tagContentDate, t == tagAccession, t == tagStudyID:
		return true
	}
	return false
}

func mentions(words []string, whole string, value []string, name bool) bool {
	all := strings.Join(value, "")
	if strings.HasPrefix(all, "anonym") || all == "deidentified" || all == "unknown" {
		return false // nobody's name
	}
	if n := utf8.RuneCountInString(all); n >= 6 && strings.Contains(whole, all) || n >= 4 && inARow(words, all) {
		return true
	}
	if !name {
		return false
	}
	found := 0
	for _, v := range value {
		n := utf8.RuneCountInString(v)
		for _, w := range words {
			if w == v || n >= 5 && strings.Contains(w, v) {
				found++
				if n >= 3 && strings.IndexFunc(v, unicode.IsDigit) < 0 {
					return true
				}
				break
			}
		}
	}
	return found > 1 && found == len(value)
}

// inARow reports whether words that follow each other are all together.
func inARow(words []string, all string) bool {
	for i := range words {
		for rest, j := all, i; j < len(words) && strings.HasPrefix(rest, words[j]); j++ {
			if rest = rest[len(words[j]):]; rest == "" {
				return true
			}
		}
	}
	return false
}

// wordsOf is the runs of letters and digits, in small letters.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// readable takes what is not UTF-8 for Latin-1.
func readable(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}
