package audit

import (
	"fmt"
	"math"
	"strconv"
)

// Row is what an audit knows of one picture, or of one series of a scan. It depends
// on the picture, the model and the settings alone: no time, no host, no order.
// Numbers are rounded to six significant digits, so that machines that differ in
// the seventh write the same.
type Row struct {
	Path   string `json:"path"`             // below the folder, with /; of scans a hash
	SHA256 string `json:"sha256,omitempty"` // of the file's bytes; of scans none
	Width  int    `json:"width"`            // of the picture, in pixels
	Height int    `json:"height"`

	Predicted   int    `json:"predicted"` // class with the highest score
	Name        string `json:"name"`      // of that class
	Probability Number `json:"probability"`
	Logit       Number `json:"logit"` // NaN where the model gives none
	RunnerUp    int    `json:"runner_up"`
	Margin      Number `json:"margin"`  // between the two, in probability
	Entropy     Number `json:"entropy"` // of the probabilities, in nats

	// Probabilities are those of all classes, where there are at most
	// [MostProbabilities].
	Probabilities Numbers `json:"probabilities,omitempty"`

	Slice     int    `json:"slice,omitempty"` // of a series, that the map is of; counts from 0
	Explained int    `json:"class_explained"`
	Strength  Number `json:"map_strength"` // sum of the positive values of the map, in its unit
	Focus     Number `json:"focus"`
	Border    Number `json:"border"` // shares, as in [Place]
	CornerMax Number `json:"corner_max"`
	Top       Number `json:"top"`
	Bottom    Number `json:"bottom"`
	CentreX   Number `json:"com_x"`
	CentreY   Number `json:"com_y"`

	// RegionMass is the share of the map in the mask of the picture, RegionLift that
	// share over the mask's area; NaN without a mask.
	RegionMass Number `json:"region_mass"`
	RegionLift Number `json:"region_lift"`

	// Features are the penultimate activations, nil where the audit keeps none. They are
	// stored beside the row, and read by themselves.
	Features []float32 `json:"-"`

	Look       string  `json:"look"`            // see [Look]
	Properties Numbers `json:"properties"`      // as [Properties]
	Error      string  `json:"error,omitempty"` // why there is nothing else; on one line, without paths
}

// MostProbabilities is the number of classes up to which rows hold the probability
// of each, from which curves of every class can be drawn.
const MostProbabilities = 64

// Number is a float that is written with six significant digits, and as null where
// it is none.
type Number float64

// MarshalJSON implements [json.Marshaler].
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return []byte(n.String()), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return fmt.Errorf("%q is no number", text)
	}
	*n = Number(v)
	return nil
}

// String is the number with six significant digits, "" where it is none.
func (n Number) String() string {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(float64(n), 'g', 6, 64)
}

// Short is the number with two decimals, "–" where it is none.
func (n Number) Short() string {
	if n.String() == "" {
		return "–"
	}
	return strconv.FormatFloat(float64(n), 'f', 2, 64)
}

// Rounded is the value that a number has once it was written and read.
func (n Number) Rounded() Number {
	v, err := strconv.ParseFloat(n.String(), 64)
	if err != nil {
		return Number(math.NaN())
	}
	return Number(v)
}

// locate takes in where the map of a row lies.
func (r *Row) locate(p Place) {
	r.Strength, r.Focus, r.Border, r.Top, r.Bottom = Number(p.Strength), Number(p.Focus), Number(p.Border), Number(p.Top), Number(p.Bottom)
	r.CornerMax = Number(max(p.Corners[0], p.Corners[1], p.Corners[2], p.Corners[3]))
	r.CentreX, r.CentreY = Number(p.CentreX), Number(p.CentreY)
}
