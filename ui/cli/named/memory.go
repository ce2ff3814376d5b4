package named

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

// DeclareMemory adds the flag that allows more memory than pictures usually get.
// Whatever is allowed, no picture takes more than the machine has free.
func DeclareMemory(fs *flag.FlagSet, bytes *int64) {
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
func (s *Selection) options() picture.Options { return picture.Options{MaxMemory: s.Memory} }

// series are the scans that a path holds.
func (s *Selection) series(ctx context.Context, path string) ([]*picture.Series, error) {
	return picture.OpenSeriesWith(ctx, path, s.options())
}
