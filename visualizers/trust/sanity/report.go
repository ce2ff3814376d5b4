package sanity

import (
	"picasso/backend/onnx/shuffle"
	"picasso/visualizers"
)

// Verdict is what became of the map.
type Verdict string

// Verdicts.
const (
	BarelyChanges Verdict = "barely changes"
	Partly        Verdict = "partly"
	Changes       Verdict = "changes"
	Untold        Verdict = "cannot be told"
)

// Report is what a check found. Similarities compare maps of at most 64 × 64
// cells with the map of the network itself; they are NaN where one of the two is
// constant.
type Report struct {
	Verdict Verdict
	Finding string // the verdict in words, with the numbers behind it
	Order   Order
	Draw    shuffle.Kind
	Seed    uint64
	Score   string   // whose change is looked at: "P(tank)"
	Before  float64  // its value with the network's own weights
	Units   []string // from the top
	Judged  int      // units, from the top, that the verdict is about; 0 for none
	// Baseline is the SSIM below which maps count as different: that of this map
	// with those of other pictures or, where there are none, with its mirror image;
	// NaN where nothing was compared.
	Baseline float64
	Mirrored bool // Baseline is of the mirror image
	Map      visualizers.Map
	Steps    []Step   // in the order of the units
	Seeds    []Step   // of the judged units, one for each draw
	Notes    []string // what else is to be known
}

// Step is a map with other weights.
type Step struct {
	Units       int      // that have other weights
	Names       []string // theirs
	Seed        uint64
	Spearman    float64 // rank correlation of the maps, −1…1
	SpearmanAbs float64 // without signs
	SSIM        float64 // structural similarity, at most 1
	After       float64 // the score with these weights
	Rescaled    []string
	Constant    bool            // the map is the same everywhere
	Fault       string          // why there is no map; "" where there is one
	Map         visualizers.Map // none where there is a fault
}

// clone is a report that may be handed out while more steps are added.
func (r *Report) clone() Report {
	c := *r
	c.Steps, c.Seeds = c.Steps[:len(c.Steps):len(c.Steps)], c.Seeds[:len(c.Seeds):len(c.Seeds)]
	return c
}
