package workers

import "unsafe"

// Held are threads of one session that are held back.
type Held struct{}

// Hold is [ErrNone]: on Windows the runtime's threads begin when it makes them.
func Hold(api, options unsafe.Pointer) (*Held, error) { return nil, ErrNone }

// Begin does nothing.
func (*Held) Begin() {}

// Free does nothing.
func (*Held) Free() {}
