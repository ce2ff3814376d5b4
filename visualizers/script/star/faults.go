package star

import (
	"errors"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"picasso/visualizers/script/wire"
	"picasso/visualizers/spelling"
)

// fault turns an error of the interpreter into one with a place in the script.
// names are those a script can use.
func fault(err error, src wire.Source, names []string) *wire.Fault {
	f := &wire.Fault{Message: err.Error()}
	var eval *starlark.EvalError
	var parse syntax.Error
	var resolved resolve.ErrorList
	switch {
	case errors.As(err, &eval):
		f.Message = eval.Msg
		// The innermost place in the script itself: native functions have none.
		for i := len(eval.CallStack) - 1; i >= 0; i-- {
			if pos := eval.CallStack[i].Pos; pos.Filename() == src.Name {
				place(f, pos)
				break
			}
		}
	case errors.As(err, &parse):
		f.Message = parse.Msg
		place(f, parse.Pos)
	case errors.As(err, &resolved) && len(resolved) > 0:
		f.Message = hint(resolved[0].Msg, names)
		place(f, resolved[0].Pos)
	}
	f.Message = plain(f.Message)
	lines := strings.Split(src.Text, "\n")
	if f.Line >= 1 && f.Line <= len(lines) {
		f.Text = strings.TrimSpace(lines[f.Line-1])
	}
	return f
}

func place(f *wire.Fault, pos syntax.Position) { f.Line, f.Column = int(pos.Line), int(pos.Col) }

// plain words what the interpreter says about its own limits.
func plain(message string) string {
	return strings.TrimPrefix(message, "Starlark computation cancelled: ")
}

// hint adds what was probably meant to a message about an unknown name; the
// resolver itself knows the script's own names only.
func hint(message string, names []string) string {
	word, unknown := strings.CutPrefix(message, "undefined: ")
	if !unknown || strings.Contains(word, "did you mean") {
		return message
	}
	if nearest := spelling.Nearest(word, names); nearest != "" {
		return message + " (did you mean " + nearest + "?)"
	}
	return message
}
