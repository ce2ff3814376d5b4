// Package visible makes text from outside safe to show: names of files, labels,
// what scripts print. On a terminal control characters move the cursor, rename
// the window or fake lines; others turn the reading direction of what follows.
// They are shown as escapes, as JSON writes them, so that the escaped form inside
// a JSON string still means the same.
package visible

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is s on one line: every control character, line breaks and tabs too, is
// shown as an escape like \u001b, and bytes that are no UTF-8 as \x9b.
func Text(s string) string { return escape(s, control) }

// Program is the text of a program as it runs: everything that cannot be seen,
// but for line breaks and tabs, is shown as an escape. Joiners, which names in
// some scripts need, are among it: in a program they make two words look the
// same.
func Program(s string) string {
	return escape(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) bool {
		return r != '\n' && r != '\t' && !unicode.IsGraphic(r)
	})
}

// escape shows the characters that hidden tells of, and bytes that are no UTF-8.
func escape(s string, hidden func(rune) bool) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// control tells of characters that change how others are shown: the control
// characters of ASCII and ISO 8859-1, separators of lines, and the marks of
// Unicode that set a direction of reading (UAX #9).
func control(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// Writer shows control characters in everything that is written to it as
// escapes, except those in Keep, on the way to To.
type Writer struct {
	To   io.Writer
	Keep string // such as "\n\t"

	cut []byte // the beginning of a character whose end was not written yet
}

// Write implements [io.Writer].
func (w *Writer) Write(b []byte) (int, error) {
	text := append(w.cut, b...)
	whole := len(text) - unfinished(text)
	w.cut = append([]byte(nil), text[whole:]...)
	hidden := func(r rune) bool { return control(r) && !strings.ContainsRune(w.Keep, r) }
	if _, err := io.WriteString(w.To, escape(string(text[:whole]), hidden)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// unfinished is how many bytes at the end are the beginning of a character.
func unfinished(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		tail := text[len(text)-n:]
		if utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
