// Package report is what leaves the program about an explanation: JSON for
// scripts, and the words of a figure for people. Window and command line fill in
// the same two plain values, a [Subject] and what is [Shown] of it, so that their
// reports cannot differ. Nothing in a report says who a patient is.
package report

import (
	"maps"
	"math"
	"path/filepath"
	"slices"
	"time"

	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/trust"
)

// Report is result.json: what was explained, how, and where its files are.
type Report struct {
	Model       Model        `json:"model"`
	Preparation *Preparation `json:"preparation,omitempty"` // how pictures become input, and where that is known from
	// Doubts are what the model's file and a trial run leave open about its output.
	Doubts      []metadata.Doubt `json:"doubts,omitempty"`
	Image       Image            `json:"image"`
	Notice      string           `json:"notice,omitempty"`  // of medical pictures
	Predictions []Prediction     `json:"predictions"`       // best first
	Classes     int              `json:"classes"`           // of the model; more than predictions where those are cut off
	Covered     *Covered         `json:"covered,omitempty"` // by hand, before all that follows: predictions and maps are of the covered picture
	Volume      *Block           `json:"volume,omitempty"`  // which part of a volume the model got
	Maps        []Map            `json:"maps"`
	Parts       []Part           `json:"parts,omitempty"`
	Sheet       *Sheet           `json:"sheet,omitempty"`        // with all maps
	DICOM       []string         `json:"dicom,omitempty"`        // objects of the picture that belong to no one map: its regions
	Measured    []Measurement    `json:"measurements,omitempty"` // on the picture
	Regions     []Region         `json:"regions,omitempty"`      // drawn on the picture
	Notes       []string         `json:"notes,omitempty"`
	Remarks     []string         `json:"remarks,omitempty"`  // what was noticed while reading the picture
	Warnings    []string         `json:"warnings,omitempty"` // what looks wrong with the input, and of the methods
	Timing      *Timing          `json:"timing,omitempty"`
}

// Measurement is one that was made on the picture, in its pixels.
type Measurement = drawing.Measurement

// Model is the model's file and what runs it.
type Model struct {
	Path        string   `json:"path"`
	SHA256      string   `json:"sha256"`
	Provider    string   `json:"provider"`
	ONNXRuntime string   `json:"onnxruntime"`
	Notes       []string `json:"notes,omitempty"` // what was noticed while opening it
}

// Preparation is how a picture becomes the model's input, what is read from its
// output, and for each value where it comes from, by key of the sidecar.
type Preparation struct {
	Input struct {
		Name     string `json:"name"`
		Layout   string `json:"layout"`
		Channels int    `json:"channels"`
		Depth    int    `json:"depth,omitempty"` // slices of a volume
		Height   int    `json:"height"`          // pixels of maps and of settings given in pixels
		Width    int    `json:"width"`
	} `json:"input"`
	Output struct {
		Name        string `json:"name"`
		Kind        string `json:"kind"`
		Activation  string `json:"activation"`
		LogitTensor string `json:"logit_tensor,omitempty"`
		// Region counts in scores that are sums over pixels.
		Region *score.Region `json:"region,omitempty"`
		// References are the pictures that embeddings are compared with.
		References []string `json:"references,omitempty"`
	} `json:"output"`
	Preprocess preprocess.Preprocess `json:"preprocess"`
	Origins    map[string]string     `json:"origins"`
}

// Image is the picture that was explained.
type Image struct {
	Name string `json:"name,omitempty"` // as it is called, without what tells who a patient is
	Path string `json:"path"`
	// Withheld tells that the path would tell who a patient is.
	Withheld bool   `json:"path_withheld,omitempty"`
	SHA256   string `json:"sha256"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	PNG      string `json:"png,omitempty"` // file with the picture as it is shown, perhaps smaller
	Scan     *Scan  `json:"scan,omitempty"`
}

// Prediction is the model's answer for one class.
type Prediction struct {
	Index       int     `json:"index"`
	Name        string  `json:"name"`
	Probability Number  `json:"probability"`
	Logit       *Number `json:"logit"`
}

// Class is what is explained, perhaps the difference to another class.
type Class struct {
	Index   int    `json:"index"`
	Name    string `json:"name"`
	Against *Class `json:"against,omitempty"`
}

// Map is one map with its files.
type Map struct {
	Visualizer    string            `json:"visualizer"`
	Class         Class             `json:"class"`
	Output        string            `json:"output"` // the scale of the score: "prob", "logit"
	Target        string            `json:"target"` // what is explained, as a formula
	Value         *Number           `json:"value"`  // of the target in the picture
	Settings      map[string]string `json:"settings"`
	Unit          string            `json:"unit"`
	PositiveMeans string            `json:"positive_means"`
	Finding       string            `json:"finding,omitempty"` // what the map says of the target
	Done          Number            `json:"done"`              // share of the work; below 1 the map is partial
	NPY           string            `json:"npy"`
	PNG           string            `json:"png"`
	Figures       []string          `json:"figures,omitempty"` // files with picture, map, bar and words
	DICOM         []string          `json:"dicom,omitempty"`   // objects for archives: Secondary Capture, Parametric Map, Segmentation
	Width         int               `json:"width"`
	Height        int               `json:"height"`
	Depth         int               `json:"depth,omitempty"` // of a volume; the array is depth × height × width
	Channels      int               `json:"channels,omitempty"`
	Slices        *Slices           `json:"slices,omitempty"` // of the volume that was explained
	Min           Number            `json:"min"`
	Max           Number            `json:"max"`
	Drawn         *Drawn            `json:"drawn,omitempty"` // how the pictures of the map are drawn
	Metrics       map[string]Number `json:"metrics"`
	Trust         *trust.Report     `json:"trust,omitempty"` // what tests of the map found
}

// Slices is how the map of a volume lies over the slices of its file, in the order
// shown, counted from 0.
type Slices struct {
	Shown int      `json:"shown"` // in the pictures of the map
	Share []Number `json:"share"` // of the magnitude of the map on each slice; they add up to 1
}

// Drawn is how a map is drawn: the ends of its colour scale and the choices
// behind it.
type Drawn struct {
	Colours string          `json:"colours"`
	Low     Number          `json:"low"`
	High    Number          `json:"high"`
	Scale   string          `json:"scale,omitempty"` // "volume" where the ends are those of the whole volume
	Display drawing.Display `json:"display"`
}

// Part is a text, table or picture beside the maps. Texts and tables are there in
// full and as a file of their own.
type Part struct {
	Visualizer string            `json:"visualizer"`
	Kind       string            `json:"kind"` // text, table, image
	Title      string            `json:"title,omitempty"`
	Settings   map[string]string `json:"settings"`
	File       string            `json:"file"`
	Text       string            `json:"text,omitempty"`
	Picture    *Picture          `json:"picture,omitempty"`
	Columns    []string          `json:"columns,omitempty"`
	Rows       [][]any           `json:"rows,omitempty"`
}

// Picture is what a method made or drew, in numbers.
type Picture struct {
	NPY      string `json:"npy"` // channels × height × width
	Channels int    `json:"channels"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	// Range are the values that the image shows as black and full bright.
	Range [2]Number `json:"range"`
	Unit  string    `json:"unit,omitempty"` // "HU"
}

// NewPicture describes a picture whose numbers are in a file.
func NewPicture(p *visualizers.Picture, npy string) *Picture {
	black, bright := p.Ends()
	return &Picture{npy, p.Channels, p.Width, p.Height, [2]Number{Number(black), Number(bright)}, p.Unit}
}

// Timing is what the work took.
type Timing struct {
	LoadMS        Number `json:"load_ms"`
	RunMS         Number `json:"run_ms"`
	ForwardPasses int    `json:"forward_passes"`
	// Engine and MultiplyAddsShare tell how covered copies of the picture were
	// scored: the engine, and the work divided by that of full inference.
	Engine            string  `json:"engine,omitempty"`
	MultiplyAddsShare *Number `json:"multiply_adds_share,omitempty"`
	// Lanes is the number of parallel runs, one thread each, in full
	// inference; 1 is one run with all threads.
	Lanes int `json:"lanes,omitempty"`
	// TrustMS is what testing the maps took beside that.
	TrustMS Number `json:"trust_ms,omitempty"`
}

// Number is written as JSON null where it is not finite.
type Number = trust.Number

// MostPredictions bounds the classes listed in a report.
const MostPredictions = 100_000

// New begins the report about a subject, without maps.
func New(s Subject) *Report {
	r := &Report{Model: s.File, Maps: []Map{}, Notice: drawing.Notice(s.Picture), Classes: s.Model.Classes()}
	r.Image = Image{Name: s.Name(), Path: s.Path, Withheld: s.Path == "", SHA256: s.SHA256, Scan: NewScan(s)}
	if s.Base != nil {
		r.Image.Width, r.Image.Height = s.Base.Rect.Dx(), s.Base.Rect.Dy()
	}
	if s.Card != nil {
		r.Preparation, r.Doubts = NewPreparation(s.Card), s.Card.Doubts
	}
	if s.Picture != nil {
		r.Remarks = slices.Clone(s.Picture.Notes)
	}
	r.Predictions = Predictions(s.Model, s.Scores, MostPredictions)
	r.Warnings = slices.Clone(s.Doubts)
	r.Covered, r.Regions, r.Volume = s.Covered, s.Regions, s.Block
	return r
}

// NewPreparation is what is known about the use of a model.
func NewPreparation(c *metadata.Card) *Preparation {
	p := &Preparation{Preprocess: c.Preprocess, Origins: maps.Clone(c.Origins)}
	in, out := c.Input, c.Output
	p.Input.Name, p.Input.Layout, p.Input.Channels, p.Input.Depth, p.Input.Height, p.Input.Width = in.Name, in.Order(), in.Channels, in.Depth, in.Height, in.Width
	if out.Kind == score.Segmentation || out.Kind == score.Dense {
		p.Output.Region = &out.Region
	}
	for _, path := range c.References {
		p.Output.References = append(p.Output.References, picture.Said(path))
	}
	p.Output.Name, p.Output.Kind, p.Output.Activation, p.Output.LogitTensor = out.Name, string(out.Kind), string(out.Activation), out.LogitTensor
	return p
}

// Predictions lists the best classes first.
func Predictions(m Answering, s score.Scores, most int) []Prediction {
	best := s.Best(most, m.ClassName)
	out := make([]Prediction, 0, len(best))
	for _, c := range best {
		p := Prediction{Index: c.Index, Name: c.Name, Probability: Number(c.Probability)}
		if m.HasLogits() {
			l := Number(c.Logit)
			p.Logit = &l
		}
		out = append(out, p)
	}
	return out
}

// Ran adds what a run of a method was, and what its maps found.
func (r *Report) Ran(res visualizers.Result, took time.Duration) {
	if r.Timing != nil {
		r.Timing.RunMS += Milliseconds(took)
		r.Timing.ForwardPasses += res.Passes
		if a := res.Stats; a != nil {
			share := Number(a.Share)
			r.Timing.Engine, r.Timing.MultiplyAddsShare, r.Timing.Lanes = string(a.Engine), &share, a.Lanes
		}
	}
	if res.Note != "" {
		r.Notes = append(r.Notes, res.Note)
	}
	for _, m := range res.Maps { // each names its own class
		if m.Finding != "" {
			r.Notes = append(r.Notes, m.Finding)
		}
	}
	r.Warnings = append(r.Warnings, res.Warnings...)
}

// AddMap adds a map with its files: numbers, picture and figures.
func (r *Report) AddMap(s Subject, shown Shown, npy, png string, figures ...string) {
	m := shown.Map
	entry := Map{
		Visualizer: shown.Visualizer.Info().ID, Class: ClassOf(s.Model, m.Target), Output: m.Target.Score.String(),
		Target: m.Target.Symbol(s.Model), Settings: visualizers.FormatValues(shown.Visualizer, shown.Values),
		Unit: m.Unit, PositiveMeans: m.Positive, Finding: m.Finding, Done: Number(shown.Done),
		NPY: filepath.Base(npy), PNG: filepath.Base(png), Width: m.Width, Height: m.Height, Metrics: map[string]Number{},
	}
	for _, path := range figures {
		entry.Figures = append(entry.Figures, filepath.Base(path))
	}
	if v, err := m.Target.Value(s.Scores); err == nil {
		value := Number(v)
		entry.Value = &value
	}
	if len(m.Shape()) > 2 {
		entry.Channels = m.Channels
	}
	entry.Min, entry.Max = Extremes(m.Values)
	for k, x := range m.Metrics {
		entry.Metrics[k] = Number(x)
	}
	drawn := drawnOf(shown.Display, m, s.medical())
	entry.Drawn = &drawn
	r.Maps = append(r.Maps, entry)
}

// drawnOf says how a map is drawn over a scan or another picture.
func drawnOf(d drawing.Display, m visualizers.Map, scan bool) Drawn {
	scale := d.Style(m, scan).Scale(drawing.Field(m))
	of := ""
	if _, whole := d.Follows(m); whole {
		of = "volume"
	}
	return Drawn{scale.Colors.Name, Number(scale.Range.Lo), Number(scale.Range.Hi), of, d}
}

// ClassOf describes the class or classes of a target.
func ClassOf(m score.Namer, t score.Target) Class {
	c := Class{Index: t.Class, Name: m.ClassName(t.Class)}
	if t.Against != score.NoClass {
		c.Against = &Class{Index: t.Against, Name: m.ClassName(t.Against)}
	}
	return c
}

// Extremes are the smallest and largest known values; NaN where none is known.
func Extremes(v []float32) (lo, hi Number) {
	lo, hi = Number(math.NaN()), Number(math.NaN())
	for _, x := range v {
		if x != x {
			continue
		}
		if f := Number(x); !(f >= lo) {
			lo = f
		}
		if f := Number(x); !(f <= hi) {
			hi = f
		}
	}
	return lo, hi
}

// Milliseconds are those of a duration.
func Milliseconds(d time.Duration) Number { return Number(d.Seconds() * 1000) }
