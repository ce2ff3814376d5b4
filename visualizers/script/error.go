package script

import (
	"fmt"
	"strings"

	"picasso/backend/visible"
	"picasso/visualizers/script/wire"
)

// Error is what went wrong in a script, and where. Line and Column count from
// 1 and are 0 where the place is not known.
type Error struct {
	File    string // base name of the script
	Line    int
	Column  int
	Text    string // of the line
	Message string // with "did you mean" where there is something near
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": " + e.Message)
	if e.Text != "" {
		b.WriteString("\n    " + e.Text)
	}
	return b.String()
}

func newError(file string, f *wire.Fault) *Error {
	if f == nil {
		return &Error{File: file, Message: "the script failed without saying why"}
	}
	return &Error{
		File: file, Line: max(0, f.Line), Column: max(0, f.Column),
		Message: visible.Text(cut(f.Message, 2000)), Text: visible.Text(cut(f.Text, 200)),
	}
}

// cut shortens a text for people.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
