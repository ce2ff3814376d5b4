package preprocess

import "math"

// stacked is where the slices of a file lie in the grid that they were brought to, where
// that moved them; see [voxels.Grid.Slices]. Nil leaves places as they are.
type stacked [][3]float64

// inGrid is where a place in the file, as slice, row and column, lies in the grid that its
// slices were brought to. Beyond the first and the last slice they count on.
func (s stacked) inGrid(place [3]float64) [3]float64 {
	if len(s) < 2 {
		return place
	}
	k := min(max(int(math.Floor(place[0])), 0), len(s)-2)
	t := place[0] - float64(k)
	low, high := s[k], s[k+1]
	return [3]float64{
		low[0] + t*(high[0]-low[0]),
		place[1] + low[1] + t*(high[1]-low[1]),
		place[2] + low[2] + t*(high[2]-low[2]),
	}
}

// inFile is [stacked.inGrid] run backwards.
func (s stacked) inFile(place [3]float64) [3]float64 {
	if len(s) < 2 {
		return place
	}
	k := 0
	for k < len(s)-2 && s[k+1][0] < place[0] {
		k++
	}
	low, high := s[k], s[k+1]
	t := (place[0] - low[0]) / (high[0] - low[0])
	return [3]float64{
		float64(k) + t,
		place[1] - low[1] - t*(high[1]-low[1]),
		place[2] - low[2] - t*(high[2]-low[2]),
	}
}
