package star

import (
	"fmt"

	"go.starlark.net/starlark"
)

// builtin is the type of Starlark's native functions.
type builtin = func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error)

// Entry is one name that scripts can use, with its documentation. The
// reference in the documents is written from these.
type Entry struct {
	Name      string
	Signature string // "blur(sigma)"; the name alone for a value
	Doc       string // Markdown, one or two sentences
	call      builtin
}

// named indexes entries by name.
func named(entries []Entry) map[string]Entry {
	out := map[string]Entry{}
	for _, e := range entries {
		out[e.Name] = e
	}
	return out
}

// real is a number argument: an int or a float.
type real float64

// Unpack reads the argument.
func (r *real) Unpack(v starlark.Value) error {
	x, ok := starlark.AsFloat(v)
	if !ok {
		return fmt.Errorf("got %s, want a number", v.Type())
	}
	*r = real(x)
	return nil
}

// values is an argument that is a number, a list of numbers or a tensor.
type values struct{ *tensor }

// Unpack reads the argument.
func (a *values) Unpack(v starlark.Value) error {
	if t, ok := operand(v); ok {
		a.tensor = t
		return nil
	}
	list, ok := v.(starlark.Iterable)
	if !ok {
		return fmt.Errorf("got %s, want a number, a list of numbers or a tensor", v.Type())
	}
	t, err := fromList(list)
	a.tensor = t
	return err
}

// whole is an optional whole number.
type whole struct{ *int }

// Unpack reads the argument; None leaves it out.
func (a *whole) Unpack(v starlark.Value) error {
	if v == starlark.None {
		return nil
	}
	n, err := starlark.AsInt32(v)
	if err != nil {
		return fmt.Errorf("got %s, want a whole number", v.Type())
	}
	a.int = &n
	return nil
}

// lengths reads whole numbers given one by one or as one list: zeros(2, 3) or
// zeros(x.shape).
func lengths(name string, args starlark.Tuple) ([]int, error) {
	if len(args) == 1 {
		if list, ok := args[0].(starlark.Indexable); ok {
			args = nil
			for i := range min(list.Len(), maxRank+1) {
				args = append(args, list.Index(i))
			}
		}
	}
	shape := make([]int, len(args))
	for i, a := range args {
		n, err := starlark.AsInt32(a)
		if err != nil {
			return nil, fmt.Errorf("%s: got %s, want the lengths of the axes, for example %s(224, 224)", name, a.Type(), name)
		}
		shape[i] = n
	}
	return shape, nil
}
