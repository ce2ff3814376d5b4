package score

import (
	"math"
	"slices"

	"picasso/backend/infer"
)

// cosines compares a vector with vectors of length 1, in double precision. A
// vector without length has the cosine 0 to all.
func cosines(x []float32, units [][]float32) []float32 {
	out := make([]float32, len(units))
	length := math.Sqrt(Dot(x, x))
	if !(length > 0) {
		return out
	}
	for k, u := range units {
		out[k] = float32(min(max(Dot(x, u)/length, -1), 1))
	}
	return out
}

func Dot(a, b []float32) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v) * float64(b[i])
	}
	return sum
}

// embedding reads one picture's vector.
func (s Reader) embedding(output infer.Tensor) (Scores, error) {
	values, err := s.Table(output, s.Output.Axis)
	if err != nil {
		return Scores{}, err
	}
	if s.References == nil {
		return Scores{Probabilities: slices.Clone(values.Data)}, nil
	}
	return Scores{Probabilities: cosines(values.Data, s.References)}, nil
}
