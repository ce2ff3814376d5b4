package patient

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings a text to the form in which letters are compared: small, without
// marks, digits as ASCII, kana as hiragana.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if mark(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		switch {
		case r >= 'ァ' && r <= 'ヶ':
			r -= 'ァ' - 'ぁ'
		case unicode.Is(unicode.Nd, r):
			r = '0' + digit(r)
		}
		if to, ok := spellings[unicode.ToLower(r)]; ok {
			b.WriteString(to)
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return norm.NFC.String(b.String())
}

// reduce writes what may be spelled with a digraph without it.
func reduce(s string) string {
	for {
		less := digraphs.Replace(s)
		if less == s {
			return s
		}
		s = less
	}
}

// digraphs are the spellings of ä, ö, ü and å without their marks.
var digraphs = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "aa", "a")

// spellings are letters that Unicode does not take apart.
var spellings = map[rune]string{
	'ß': "ss", 'æ': "a", 'œ': "o", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ł': "l", 'ŋ': "n", 'þ': "th", 'ŧ': "t",
	'ς': "σ", 'ך': "כ", 'ם': "מ", 'ן': "נ", 'ף': "פ", 'ץ': "צ",
	'ة': "ه", 'ى': "ي", 'ی': "ي", 'ک': "ك", 'ـ': "", 'ー': "", 'ё': "е", 'ґ': "г", 'ѐ': "е",
}

// mark reports whether a combining mark may be left out in writing. Those of
// Indic and Thai scripts are vowels and may not.
func mark(r rune) bool {
	return unicode.Is(unicode.Mn, r) && (r < 0x0900 || r >= 0x1ab0 && r < 0x1b00 || r >= 0x1dc0 && r < 0x2100 || r == 0x3099 || r == 0x309a || r >= 0xfe00 && r < 0xff00)
}

// digit is the value of a decimal digit of any script: they come in tens.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}

// hasForeign reports whether a text has letters that are romanized.
func hasForeign(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cyrillic, unicode.Greek) })
}

// syllabic reports whether a text is written in signs of which two make a name:
// ideographs, Hangul, kana.
func syllabic(s string) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
			return false
		}
	}
	return s != ""
}

// latin writes folded Cyrillic and Greek with Latin letters, and what is
// spelled in several ways in one: y and j as i, w as v, kh and ch as h.
func latin(s string) string {
	var b strings.Builder
	for _, r := range s {
		if to, ok := romanized[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	return alike.Replace(romans.Replace(reduce(b.String())))
}

var (
	romans = strings.NewReplacer("y", "i", "j", "i", "w", "v", "kh", "h", "ch", "h", "ph", "f", "sh", "s", "zh", "z", "th", "t", "tz", "ts", "x", "ks", "q", "k", "c", "k")
	alike  = strings.NewReplacer("iii", "i", "ii", "i", "ss", "s", "kks", "ks")
)

// romanized are the letters of Cyrillic and Greek after fold.
var romanized = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'и': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o",
	'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "",
	'э': "e", 'ю': "iu", 'я': "ia", 'і': "i", 'є': "e", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "dj", 'џ': "dz",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x",
	'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'τ': "t", 'υ': "y", 'φ': "ph", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}
