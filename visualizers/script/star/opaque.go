package star

import (
	"fmt"

	"go.starlark.net/starlark"
)

// opaque is the part of a Starlark value that has nothing to look at.
type opaque struct{ name string }

func (o opaque) String() string { return "<" + o.name + ">" }

// Type is what type() says.
func (o opaque) Type() string { return o.name }

// Freeze has nothing to do.
func (o opaque) Freeze() {}

// Truth is true.
func (o opaque) Truth() starlark.Bool { return true }

// Hash is refused.
func (o opaque) Hash() (uint32, error) { return 0, fmt.Errorf("a %s cannot be a key", o.name) }
