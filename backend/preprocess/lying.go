package preprocess

import "math"

// lying is the place among the voxels of a volume of a slice, row and column of its
// source: see [Block.Lies]. Between slices it is what lies between theirs; beyond the first
// and the last one they count on.
func lying(lies [][3]float64, at [3]float64) [3]float64 {
	if len(lies) < 2 {
		return at
	}
	k := min(max(int(math.Floor(at[0])), 0), len(lies)-2)
	out, t := [3]float64{0, at[1], at[2]}, at[0]-float64(k)
	for i := range out {
		out[i] += lies[k][i] + t*(lies[k+1][i]-lies[k][i])
	}
	return out
}

// inFile is lying run backwards.
func inFile(lies [][3]float64, at [3]float64) [3]float64 {
	if len(lies) < 2 {
		return at
	}
	k := 0
	for k < len(lies)-2 && lies[k+1][0] < at[0] {
		k++
	}
	low, high := lies[k], lies[k+1]
	t := (at[0] - low[0]) / (high[0] - low[0])
	out := [3]float64{float64(k) + t, at[1], at[2]}
	for i := 1; i < 3; i++ {
		out[i] -= low[i] + t*(high[i]-low[i])
	}
	return out
}
