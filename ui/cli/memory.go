package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"

	"picasso/backend/picture"
)

// declareMemory adds the flag that allows more memory than pictures usually get.
// Whatever is allowed, no picture takes more than the machine has free.
func declareMemory(fs *flag.FlagSet, bytes *int64) {
	fs.Func("max-memory", fmt.Sprintf("how much memory opening one picture or array may take, those of --input and --reference included, as a `size` such as 800MB or 4GB; default: %dMB", picture.DefaultMemory>>20),
		func(text string) (err error) {
			*bytes, err = parseSize(text)
			return err
		})
}

// parseSize reads a number of bytes with a unit: kB, MB, GB or TB, which are
// powers of 1024 here, with or without the i of KiB.
func parseSize(text string) (int64, error) {
	bad := errors.New("give a size such as 800MB or 4GB")
	letters := strings.TrimLeft(text, "0123456789.")
	number, err := strconv.ParseFloat(text[:len(text)-len(letters)], 64)
	if err != nil {
		return 0, bad
	}
	unit := strings.ToLower(strings.TrimSpace(letters))
	shift, known := map[string]int{"b": 0, "k": 10, "m": 20, "g": 30, "t": 40}[strings.TrimSuffix(strings.TrimSuffix(unit, "b"), "i")]
	if unit == "b" {
		shift, known = 0, true
	}
	bytes := math.Ldexp(number, shift)
	if !known || bytes < 1<<20 || bytes > 1<<50 {
		return 0, bad
	}
	return int64(bytes), nil
}

// options are how files are opened.
func (s *selection) options() picture.Options { return picture.Options{MaxMemory: s.memory} }

// series are the scans that a path holds.
func (s *selection) series(ctx context.Context, path string) ([]*picture.Series, error) {
	return picture.OpenSeriesWith(ctx, path, s.options())
}

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
