package audit

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Numbers are many of a row, with six significant digits each, which float32 keeps.
type Numbers []float32

// NumbersOf rounds values.
func NumbersOf(values ...float64) Numbers {
	n := make(Numbers, len(values))
	for k, v := range values {
		n[k] = float32(Number(v).Rounded())
	}
	return n
}

// At is number k.
func (n Numbers) At(k int) Number { return Number(n[k]) }

// MarshalJSON implements [json.Marshaler].
func (n Numbers) MarshalJSON() ([]byte, error) {
	if n == nil {
		return []byte("null"), nil
	}
	text := make([]byte, 0, 10*len(n)+2)
	text = append(text, '[')
	for k, v := range n {
		if k > 0 {
			text = append(text, ',')
		}
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			text = append(text, "null"...)
		} else {
			text = strconv.AppendFloat(text, f, 'g', 6, 64)
		}
	}
	return append(text, ']'), nil
}

// UnmarshalJSON implements [json.Unmarshaler]. A list takes no more room than it needs:
// an audit holds a hundred thousand of them.
func (n *Numbers) UnmarshalJSON(text []byte) error {
	if *n = nil; string(text) == "null" {
		return nil
	}
	inner, begun := bytes.CutPrefix(text, []byte("["))
	inner, ended := bytes.CutSuffix(inner, []byte("]"))
	if !begun || !ended {
		return errors.New("this is no list of numbers")
	}
	if inner = bytes.TrimSpace(inner); len(inner) == 0 {
		*n = Numbers{}
		return nil
	}
	list := make(Numbers, 0, bytes.Count(inner, []byte(","))+1)
	for part := range bytes.SplitSeq(inner, []byte(",")) {
		part = bytes.TrimSpace(part)
		v := math.NaN()
		if string(part) != "null" {
			var err error
			if v, err = strconv.ParseFloat(string(part), 32); err != nil {
				return fmt.Errorf("%.40q is no number", part)
			}
		}
		list = append(list, float32(v))
	}
	*n = list
	return nil
}
