package cover

import (
	"context"
	"fmt"
	"image"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/visualizers"
)

func init() { visualizers.Register(Occlusion{}) }

// Occlusion slides a covering window over the input and watches the scores
// (Zeiler and Fergus 2014). All classes come from one run.
type Occlusion struct{}

// Settings of occlusion. The defaults make about 14 × 14 windows on an input
// of any size.
var (
	OcclusionSize = visualizers.Extent{
		Field: visualizers.Field{ID: "size", Title: "Window", Unit: "px",
			Doc: "Size of the covering window, in pixels of the model's input or per cent of it: 32, 20%, 24x16. Small windows find details, large ones find whole objects. For volumes windows are boxes, as deep as they are wide, in voxels or in per cent of each side."},
		Share: 18.75, Volume: 25,
	}
	OcclusionStride = visualizers.Extent{
		Field: visualizers.Field{ID: "stride", Title: "Stride", Unit: "px",
			Doc: "Distance between windows. Half the distance takes four times as long."},
		Share: 6.25, Volume: 12.5,
	}
	OcclusionFill = visualizers.Choice{
		Field: visualizers.Field{ID: "fill", Title: "Fill",
			Doc: "What the window is filled with: the mean colour of the picture, grey, black or white (water, air or bone in a CT), zero in the model's own units, the blurred picture, the mean colour with soft edges, noise with the statistics of the picture, or a number in the picture's units (0…255, or HU)."},
		Options: []string{"mean", "grey", "black", "white", "zero", "blur", "gauss", "noise"},
		Number:  true,
	}
	OcclusionSeed = visualizers.Int{
		Field: visualizers.Field{ID: "seed", Title: "Noise seed",
			Doc:  "Selects the noise for the fill “noise”; the same seed gives the same map.",
			Only: visualizers.When{Key: "fill", Is: "noise"}},
		Min: 0, Max: 9999, Step: 1,
	}
	OcclusionRefine = visualizers.Choice{
		Field: visualizers.Field{ID: "refine", Title: "Refine",
			Doc: "full: runs every window. adaptive: runs just over a quarter of them, around the strongest support, then as many more as it takes until the most important tenth of the map hardly changes, and interpolates the rest. coarse: stops after a twelfth."},
		Options: []string{string(refineFull), string(refineAdaptive), string(refineCoarse)},
	}
	occlusionEngine = visualizers.Choice{
		Field: visualizers.Field{ID: "engine", Title: "Engine",
			Doc: "How the scores are computed. auto: the fastest way, as measured. plain: full inference for every covered picture. incremental: computes only what the covered region can change. graph: the model covers the picture itself, so that copies need not be sent to a graphics card. The results are the same."},
		Options: []string{string(perturb.AutoEngine), string(perturb.PlainEngine), string(perturb.IncrementalEngine), string(perturb.GraphEngine)},
	}
)

func (Occlusion) Info() visualizers.Info {
	return visualizers.Info{
		ID: "occlusion", Title: "Occlusion", Group: visualizers.Cover, Order: 20, Volumes: true,
		About: "Covers one region after another and watches the score. If it falls, the model needs what was covered; if it rises, the region speaks against the class.",
		Link:  "https://arxiv.org/abs/1311.2901",
	}
}

func (Occlusion) Settings() []visualizers.Setting {
	return []visualizers.Setting{OcclusionSize, OcclusionStride, OcclusionFill, OcclusionSeed, OcclusionRefine, occlusionEngine}
}

// Preview counts the windows.
func (Occlusion) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return OcclusionPreview(s, v, occlusionEngine.In(v))
}

func OcclusionPreview(s visualizers.Subject, v visualizers.Values, engine string) visualizers.Preview {
	if visualizers.DepthOf(s) > 0 {
		return boxPreview(s, v, engine)
	}
	g := occlusionGrid(s, v)
	windows, refine := g.windows(), occlusionRefinement(v)
	if refine != refineAdaptive { // which runs them all where it has to
		windows = refine.windows(visualizers.NewLattice(g.rows, g.columns))
	}
	p := visualizers.CopiesPreview(s, windows, perturb.Flat(g.size), perturb.Engine(engine))
	p.Most = refine == refineAdaptive
	p.Bytes += g.evidence(s) * 4
	p.Warnings = append(p.Warnings, g.warnings()...)
	return p
}

// Cover hides one region as Explain does.
func (Occlusion) Cover(in visualizers.Input, region image.Rectangle) (infer.Tensor, error) {
	if err := in.Check(); err != nil {
		return infer.Tensor{}, fmt.Errorf("occlusion: %w", err)
	}
	covered := in.Tensor.Clone()
	c := newOccluder(in, occlusionGrid(in.Subject, in.Values).size)
	c.paint(covered.Data, region.Intersect(image.Rect(0, 0, in.Tensor.Shape[2], in.Tensor.Shape[1])))
	return covered, nil
}

func (Occlusion) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion: %w", err)
	}
	if visualizers.DepthOf(in.Subject) > 0 {
		return explainBoxes(ctx, in, emit)
	}
	g := occlusionGrid(in.Subject, in.Values)
	if err := g.affordable(in.Subject); err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion: %w", err)
	}
	w := g.layout()
	occ := newOccluder(in, g.size)
	scorer, err := newScorer(ctx, in, perturb.Rectangles(w.Rects), occ.described(), perturb.Engine(occlusionEngine.In(in.Values)))
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion: %w", err)
	}
	defer scorer.close()
	hider := &slots{occluder: occ, rects: w.Rects}
	r, err := newSweep(in, w, hider, scorer, g.warnings(), emit).run(ctx, occlusionRefinement(in.Values))
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion: %w", err)
	}
	return r, nil
}

func occlusionRefinement(v visualizers.Values) refinement { return refinement(OcclusionRefine.In(v)) }

func occlusionGrid(s visualizers.Subject, v visualizers.Values) grid {
	_, height, width := s.Shape()
	return newGrid(width, height, OcclusionSize.In(v, width, height), OcclusionStride.In(v, width, height))
}

// maxEvidence bounds the scores kept of one run: 512 MB.
const maxEvidence = 1 << 27

// evidence is how many scores a run of the grid keeps.
func (g grid) evidence(s visualizers.Subject) int64 {
	scales := int64(1)
	if s.HasLogits() {
		scales = 2
	}
	return int64(g.windows()) * int64(s.Classes()) * scales
}

// affordable refuses a run that could not keep what it learns.
func (g grid) affordable(s visualizers.Subject) error {
	if n := g.evidence(s); n > maxEvidence {
		return fmt.Errorf("%d windows × %d classes are too many results to keep; choose a larger stride", g.windows(), s.Classes())
	}
	return nil
}

// warnings says in words what is doubtful about the grid.
func (g grid) warnings() []string {
	var out []string
	if share := g.uncovered(); share > 0 {
		out = append(out, fmt.Sprintf("The stride (%s px) is larger than the window (%s px), so %.0f %% of the pixels are never covered and stay empty.",
			dimensions(g.stride), dimensions(g.size), max(1, 100*share)))
	}
	if g.size.X == g.width && g.size.Y == g.height {
		out = append(out, "The window covers the whole picture, so every pixel gets the same value; choose a smaller window.")
	}
	return out
}

func dimensions(p image.Point) string {
	if p.X == p.Y {
		return fmt.Sprint(p.X)
	}
	return fmt.Sprintf("%d × %d", p.X, p.Y)
}
