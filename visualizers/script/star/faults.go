package star

import (
	"errors"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"picasso/visualizers/script/wire"
)

// fault turns an error of the interpreter into one with a place in the script.
func fault(err error, src wire.Source) *wire.Fault {
	f := &wire.Fault{Message: err.Error()}
	var eval *starlark.EvalError
	var parse syntax.Error
	var names resolve.ErrorList
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
	case errors.As(err, &names) && len(names) > 0:
		f.Message = names[0].Msg
		place(f, names[0].Pos)
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
