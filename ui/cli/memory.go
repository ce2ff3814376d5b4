package cli

import (
	"errors"
	"fmt"

	"picasso/backend/picture"
)

// allowing is what to do about a picture that takes more memory than it may.
func allowing(e *picture.MemoryError) string {
	if e.Short {
		return "use a smaller copy of the picture, or close other programs"
	}
	return "use a smaller copy of the picture, or allow more memory with --max-memory " + enough(e)
}

// enough is how much memory to allow.
func enough(e *picture.MemoryError) string {
	const spare = 16 << 20 // what it takes is known about
	return fmt.Sprintf("%dMB", (e.Need+spare)>>20+1)
}

// advised adds to an error about a picture that belongs to a model, and takes more
// memory than it may, how to allow more: it ends with the advice to do so.
func advised(err error) error {
	var more *picture.MemoryError
	if !errors.As(err, &more) || more.Short {
		return err
	}
	return fmt.Errorf("%w with --max-memory %s", err, enough(more))
}
