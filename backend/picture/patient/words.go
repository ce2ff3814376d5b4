package patient

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters tells the kinds of signs between which a word may end.
const (
	other = iota
	numeral
	small
	capital
	sign // of scripts that write without spaces
)

func kindOf(r rune) int {
	switch {
	case unicode.IsDigit(r):
		return numeral
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r == 'ー':
		return sign
	case unicode.IsUpper(r):
		return capital
	case unicode.IsLetter(r), unicode.IsMark(r):
		return small
	}
	return other
}

// fine splits a text into its smallest words, folded: at everything that is
// neither letter nor digit, between letters and digits, between scripts, and at
// capitals inside (JaneDoe, JDoe).
func fine(s string) []string {
	var out []string
	runes := []rune(norm.NFC.String(s))
	start := 0
	flush := func(end int) {
		if word := fold(string(runes[start:end])); word != "" {
			out = append(out, word)
		}
		start = end
	}
	for i, r := range runes {
		k := kindOf(r)
		if k == other {
			flush(i)
			start = i + 1
			continue
		}
		if i == start {
			continue
		}
		before := kindOf(runes[i-1])
		inside := k == capital && (before == small || before == capital && i+1 < len(runes) && kindOf(runes[i+1]) == small)
		if apart := k != before && !(k == small && before == capital); inside || apart && !(k == capital && before == small) {
			flush(i)
		}
	}
	if start < len(runes) {
		flush(len(runes))
	}
	return out
}

// coarse splits a text at what is neither letter nor digit only, and between
// letters and digits where apart is set.
func coarse(s string, apart bool) []string {
	var out []string
	for _, w := range strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool { return kindOf(r) == other }) {
		if !apart {
			out = append(out, fold(w))
			continue
		}
		rest := w
		for rest != "" {
			digits := unicode.IsDigit([]rune(rest)[0])
			end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsDigit(r) != digits })
			if end < 0 {
				end = len(rest)
			}
			out = append(out, fold(rest[:end]))
			rest = rest[end:]
		}
	}
	return out
}
