package cli

import (
	"math"

	"picasso/backend"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/ui/drawing"
	"picasso/visualizers/trust/sanity"
)

// sanityReport is sanity.json.
type sanityReport struct {
	Verdict    sanity.Verdict    `json:"verdict"`
	Finding    string            `json:"finding"`
	Notes      []string          `json:"notes,omitempty"`
	Model      sanityModel       `json:"model"`
	Image      sanityImage       `json:"image"`
	Notice     string            `json:"notice,omitempty"` // of medical pictures
	Visualizer string            `json:"visualizer"`
	Settings   map[string]string `json:"settings"`
	Class      classReport       `json:"class"`
	Output     string            `json:"output"`
	Score      string            `json:"score"` // what score_before and score_after are of
	Order      sanity.Order      `json:"order"`
	Draw       string            `json:"draw"`
	Seed       uint64            `json:"seed"`
	Units      []string          `json:"units"`        // from the top
	Judged     int               `json:"judged_units"` // from the top, that the verdict is about
	// Baseline is the SSIM of maps that differ, and what it was measured on.
	Baseline   number       `json:"baseline_ssim"`
	BaselineOf string       `json:"baseline_of,omitempty"`
	NPY        string       `json:"npy,omitempty"` // the map with the model's own weights
	Strip      string       `json:"strip,omitempty"`
	Steps      []sanityStep `json:"steps"`
	Seeds      []sanityStep `json:"seeds"`
}

type sanityModel struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

type sanityImage struct {
	Path     string `json:"path"`
	Withheld bool   `json:"path_withheld,omitempty"`
	SHA256   string `json:"sha256"`
}

// sanityStep is one map with other weights; its similarities are null where one
// of the maps is constant or there is none.
type sanityStep struct {
	Units       int      `json:"units"`
	Names       []string `json:"names"`
	Seed        uint64   `json:"seed"`
	Spearman    number   `json:"spearman"`
	SpearmanAbs number   `json:"spearman_abs"`
	SSIM        number   `json:"ssim"`
	Before      number   `json:"score_before"`
	After       number   `json:"score_after"`
	Rescaled    []string `json:"rescaled,omitempty"`
	Constant    bool     `json:"constant,omitempty"`
	Error       string   `json:"error,omitempty"`
	NPY         string   `json:"npy,omitempty"`
}

func newSanityReport(m *backend.Model, s subject, t score.Target, found sanity.Report) *sanityReport {
	r := &sanityReport{
		Verdict: found.Verdict, Finding: found.Finding, Notes: found.Notes,
		Model: sanityModel{picture.Said(m.Path), m.SHA256}, Image: sanityImage{s.path, s.path == "", s.sha256}, Notice: drawing.Notice(s.picture),
		Class: describeClass(m, t), Output: t.Score.String(), Score: found.Score,
		Order: found.Order, Draw: string(found.Draw), Seed: found.Seed, Units: found.Units, Judged: found.Judged,
		Baseline: number(found.Baseline),
		Steps:    sanitySteps(found, found.Steps), Seeds: sanitySteps(found, found.Seeds),
	}
	switch {
	case found.Mirrored:
		r.BaselineOf = "the map's mirror image"
	case !math.IsNaN(found.Baseline):
		r.BaselineOf = "other pictures"
	}
	if r.Units == nil {
		r.Units = []string{}
	}
	return r
}

func sanitySteps(found sanity.Report, steps []sanity.Step) []sanityStep {
	list := make([]sanityStep, 0, len(steps))
	for _, s := range steps {
		list = append(list, sanityStep{
			Units: s.Units, Names: s.Names, Seed: s.Seed,
			Spearman: number(s.Spearman), SpearmanAbs: number(s.SpearmanAbs), SSIM: number(s.SSIM),
			Before: number(found.Before), After: number(s.After), Rescaled: s.Rescaled, Constant: s.Constant, Error: s.Fault,
		})
	}
	return list
}
