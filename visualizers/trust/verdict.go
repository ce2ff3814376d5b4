package trust

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"picasso/visualizers/trust/similarity"
)

// Word is the outcome of a test.
type Word string

// Outcomes. There is no degree of trust, and never a percentage.
const (
	Passes Word = "passes"
	Fails  Word = "does not pass"
	Untold Word = "cannot be told"
)

// Verdict is what a test says of a map.
type Verdict struct {
	Word Word   `json:"verdict"`
	Said string `json:"said"` // one sentence for whoever reads the map
}

// about is a verdict of a map in the words of what it is a map of.
func (v Verdict) about(g similarity.Grid) Verdict {
	if g.Depth > 0 {
		return v.solid()
	}
	return v
}

// solid speaks of a volume instead of a picture.
func (v Verdict) solid() Verdict {
	v.Said = strings.NewReplacer("picture", "volume", "pixel", "voxel").Replace(v.Said)
	return v
}

func passes(format string, args ...any) Verdict { return Verdict{Passes, fmt.Sprintf(format, args...)} }

func fails(format string, args ...any) Verdict { return Verdict{Fails, fmt.Sprintf(format, args...)} }

func untold(format string, args ...any) Verdict { return Verdict{Untold, fmt.Sprintf(format, args...)} }

// Number is a measured number, written as null where it is not finite: JSON has
// no other word for what is not known.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%.9g", float64(n)), nil
}

// UnmarshalJSON implements json.Unmarshaler: null is not a number.
func (n *Number) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(data, (*float64)(n))
}

// String has two digits behind the point.
func (n Number) String() string {
	return strings.Replace(strconv.FormatFloat(float64(n), 'f', 2, 64), "-", "−", 1)
}

// signed is String with a sign in front.
func (n Number) signed() string {
	if n > 0 {
		return "+" + n.String()
	}
	return n.String()
}

func numbers(values []float64) []Number {
	out := make([]Number, len(values))
	for i, v := range values {
		out[i] = Number(v)
	}
	return out
}
