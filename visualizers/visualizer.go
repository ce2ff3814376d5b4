package visualizers

import (
	"context"
	"image"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Visualizer is one method of explanation. It is a value without state: all
// it may touch comes in one [Input], all it finds goes out as a [Result].
type Visualizer interface {
	Info() Info
	Settings() []Setting
	// Explain computes the result for in. emit may be called with partial
	// results that get finer (Result.Done rises towards 1); a result is never
	// changed once emitted or returned. When ctx ends Explain returns its
	// error within 100 ms of the model's own reaction.
	Explain(ctx context.Context, in Input, emit func(Result)) (Result, error)
}

// Requirer is implemented by a visualizer that some models cannot serve.
// Require says in words why not and what to use instead, before anything runs.
type Requirer interface{ Require(Subject) error }

// Coverer is implemented by a visualizer that hides regions: Cover returns the
// model's input with one region of [Patches].Rects hidden exactly as Explain
// hides it, to look at and to score.
type Coverer interface {
	Cover(in Input, region image.Rectangle) (infer.Tensor, error)
}

// Versioned is implemented by a visualizer whose method can change while the
// program runs: results of another version are not its own.
type Versioned interface{ Version() string }

// Info tells users what a visualizer is.
type Info struct {
	ID    string // as scripts write it: "occlusion"
	Title string // as the tab shows it: "Occlusion"
	About string // what it shows and how to read it, one or two sentences
	Link  string // the paper or page behind the method
	Group Group  // family, and tab, it belongs to
	Order int    // place in its group
	// Caution says in words what is known against the method, such as a sanity
	// check that it fails; "" for most.
	Caution string
	// Score is the scale the method explains unless the user chooses: gradients
	// speak about logits, occlusion about probabilities.
	Score score.Score
	// Volumes tells that the method explains models of volumes too; see [DepthOf].
	Volumes bool
	Flat    string // why it explains pictures only; "" where nothing is to be said
}

// Subject is the model under explanation as a visualizer sees it. All tensors
// are C×H×W in the model's own units (after preprocessing), whatever layout,
// batch size and element type the file has.
type Subject interface {
	// Shape is the model's input.
	Shape() (channels, height, width int)
	// Predict scores every tensor of the batch, in order. Large batches are
	// split. It neither changes the tensors nor keeps them once it returns, so
	// callers may use their memory again.
	Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error)
	// Batch is a batch size that suits the model and the machine.
	Batch() int
	// Classes is the number of classes, ClassName the label of one.
	Classes() int
	ClassName(class int) string
	// HasLogits reports whether Predict fills Scores.Logits.
	HasLogits() bool
	// Prepare turns a picture into the model's input tensor.
	Prepare(img *picture.Image) (infer.Tensor, error)
	// Encoder maps a raw pixel colour (one value per channel of the model, in
	// the picture's units: 0…255, or HU) to the tensor's value per channel, as
	// the pixels of img are mapped: its own values decide where preparation is by
	// percentile or depth. img is nil where a tensor was given.
	Encoder(img *picture.Image) func(raw []float32) []float32
}

// Copier is a Subject that scores many copies of one picture for less than
// [Subject.Predict] would, as long as they differ from it inside boxes only,
// which are rectangles in a picture.
type Copier interface {
	// Copies prepares for copies of base that differ inside one of the windows,
	// in the way that occluder tells; nil where that is not known.
	Copies(ctx context.Context, base infer.Tensor, windows []perturb.Box, occluder *perturb.Occluder, engine perturb.Engine) (perturb.Copies, error)
}

// Differentiable is a Subject with exact gradients.
type Differentiable interface {
	// CheckGradient reports why no gradient can be had, or nil.
	CheckGradient() error
	// Gradient returns d target / d input for every tensor and target:
	// result[i][k] has the shape of batch[i].
	Gradient(ctx context.Context, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error)
}

// Decoded is a Subject whose inputs can be taken back to the pictures they are
// made of.
type Decoded interface {
	Subject
	// Decoder leads from the tensor's values to raw colours, as the pixels of img,
	// which may be nil, are mapped.
	Decoder(img *picture.Image) preprocess.Decoder
}

// Input is everything a visualizer may use.
type Input struct {
	Subject Subject
	Image   *picture.Image // the raw picture; nil when a tensor was given
	Tensor  infer.Tensor   // the model's input, C×H×W
	Base    score.Scores   // the model's answer for Tensor
	Targets []score.Target
	Values  Values // a checked value for every setting
	// Kept is the run that gave Base, where it was kept; methods that are [LayerBased] go
	// back from it rather than run the model again. nil for most.
	Kept *Kept
	// Settled is closed when the user stops moving a setting; nil
	// where none does. Until then a method that gets finer shows a first result
	// and waits, for the next value may replace it.
	Settled <-chan struct{}
	// Beside gives inputs made of at most n of the pictures that are open, this
	// one among them, for methods that learn from several; nil where there is but
	// one. What cannot be read is left out.
	Beside func(ctx context.Context, n int) ([]infer.Tensor, error)
}

// Result is what a visualizer found, as numbers. It is a plain value.
type Result struct {
	Maps     []Map    // one per target, in the order of Input.Targets
	Patches  *Patches // all perturbations behind the maps, where there are any
	Parts    []Part   // texts, tables and pictures beside the maps, in order
	Note     string   // what the run was, in words; nothing about one target: see Map.Finding
	Warnings []string // what the user should know, in words
	Done     float64  // share of the work done, 0…1
	Passes   int      // images run through the model so far
	Stage    string   // what is being done, for the progress line: "coarse grid"
	// Account tells how covered copies of the picture were scored, nil where
	// each went through the whole model.
	Stats *perturb.Stats
}

// Apart are the results of the maps one by one, as runs for their targets alone would
// give them; ok is false where something beside several maps belongs to all of them.
func (r Result) Apart() (each []Result, ok bool) {
	for i := range r.Maps {
		one := r
		one.Maps, one.Parts = r.Maps[i:i+1:i+1], nil
		for _, p := range r.Parts {
			if len(r.Maps) > 1 {
				if p.Table == nil {
					return nil, false
				}
				if p.Table, ok = p.Table.of(i, len(r.Maps)); !ok {
					return nil, false
				}
			}
			one.Parts = append(one.Parts, p)
		}
		each = append(each, one)
	}
	return each, true
}

// MapOf is the map for a target: one that r holds, or one made from the
// evidence; nil where there is neither.
func (r Result) MapOf(t score.Target, n score.Namer) *Map {
	for i := range r.Maps {
		if r.Maps[i].Target == t {
			return &r.Maps[i]
		}
	}
	if r.Patches == nil {
		return nil
	}
	m, err := r.Patches.Map(t, n)
	if err != nil {
		return nil
	}
	return &m
}

// Map is a field of numbers over the model's input (or over a coarser grid
// that spans it).
type Map struct {
	Target   score.Target
	Channels int       // 1, or the model's channels where asked for
	Apart    bool      // the channels were asked for, be it one: arrays have an axis for them
	Height   int       // rows of the map
	Depth    int       // slices of the map of a volume, which lie under each other in Height; 0 for a picture's
	Width    int       // columns of the map
	Values   []float32 // Channels×Height×Width; NaN where nothing is known
	Unit     string    // "drop in P(tank)"
	Positive string    // what a positive value means, in words
	Finding  string    // what the map says of its target, in a sentence or two; "" when nothing special
	Signed   bool      // zero is a meaningful middle
	Inverse  bool      // low values mark what supports the target, as scores of covered pictures do
	// Fixed is the natural scale of the values (0…1 for a probability), nil
	// where the scale follows the values.
	Fixed *[2]float64
	Cells bool // values belong to separate cells: draw without smoothing
	// Step is how many pixels, X across and Y down, share about one value, as those
	// between two windows do; zero where every pixel has its own.
	Step image.Point
	// Fine: every pixel has a value of its own, as gradients have; a few hot
	// pixels would rule the scale and hide the rest.
	Fine bool
	// WholePicture: the map spans the picture as it was opened, not the part of
	// it that the model's input shows.
	WholePicture bool
	// Of is the map of a volume that this one was cut out of, whose scale it is drawn
	// on; nil for others.
	Of      *Whole
	Metrics map[string]float64 // numbers about the map: "completeness_gap", …
}
