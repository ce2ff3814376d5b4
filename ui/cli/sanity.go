package cli

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx/shuffle"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/cli/meter"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/trust/sanity"
)

// sanityFile is what every image gets.
const sanityFile = "sanity.json"

// sanityRequest is a parsed `sanity` command line.
type sanityRequest struct {
	request
	options sanity.Options
	failOn  string
	met     bool // a verdict was the one to fail on
}

func sanityCheck(ctx context.Context, env Env, args []string) error {
	r := &sanityRequest{options: sanity.Defaults()}
	fs := flags("sanity")
	r.declare(fs)
	r.model.volumes = true
	r.model.block.Declare(fs)
	order, draw := string(r.options.Order), string(r.options.Draw)
	fs.StringVar(&order, "order", order, "which layers are shuffled: `cascade` (from the top down to one) or independent (one alone)")
	fs.StringVar(&draw, "draw", draw, "where other weights come from: `permute` (a tensor's own values in another order) or he (as before training)")
	fs.IntVar(&r.options.Steps, "steps", 0, fmt.Sprintf("the most `maps` on the way from the top layer to all; default: %d, or only all at once for methods that cover or sample", sanity.MostSteps))
	fs.IntVar(&r.options.Seeds, "seeds", r.options.Seeds, "how often the `weights` that the verdict is about are drawn")
	fs.Uint64Var(&r.options.Seed, "seed", r.options.Seed, "the `number` that the first draw begins from; the same one gives the same maps")
	fs.StringVar(&r.failOn, "fail-on", "", "the `verdict` that gives exit code 1: barely-changes, partly, changes or cannot-be-told")
	if err := parse(env, fs, args, &r.images); err != nil {
		return err
	}
	r.options.Order, r.options.Draw = sanity.Order(order), shuffle.Kind(draw)
	if err := r.check(ctx, env); err != nil {
		return err
	}
	model, _, items, err := r.begin(ctx, env, sanityFile)
	if err != nil {
		return err
	}
	defer model.Close()
	err = r.each(ctx, env, items, func(said *remarks, it named.Item) error { return r.one(ctx, env, said, model, it, items) })
	if err == nil && r.met {
		return &failure{code: SomeFailed}
	}
	return err
}

// check refuses what no check can be made of.
func (r *sanityRequest) check(ctx context.Context, env Env) error {
	if err := r.request.check(ctx, env); err != nil {
		return err
	}
	if len(r.methods) != 1 {
		return wrong("give one --visualizer; a check is of one method")
	}
	if err := r.options.Check(); err != nil {
		return wrong("%w", err)
	}
	for _, v := range []sanity.Verdict{sanity.BarelyChanges, sanity.Partly, sanity.Changes, sanity.Untold} {
		if r.failOn == "" || r.failOn == hyphened(v) {
			return nil
		}
	}
	return wrong("--fail-on %q is unknown; choose barely-changes, partly, changes or cannot-be-told", r.failOn)
}

// hyphened is a verdict as a word of a command line.
func hyphened(v sanity.Verdict) string { return strings.ReplaceAll(string(v), " ", "-") }

// one checks the method on one image and files what was found.
func (r *sanityRequest) one(ctx context.Context, env Env, said *remarks, m *backend.Model, it named.Item, all []named.Item) error {
	s, err := load(ctx, m, it)
	if err != nil {
		return err
	}
	said.look(s)
	base, err := m.Predict(ctx, []infer.Tensor{s.tensor})
	if err != nil {
		return err
	}
	v := r.methods[0]
	targets, err := r.targets(v, m, base[0])
	if err != nil {
		return err
	}
	if len(targets) != 1 {
		return fmt.Errorf("--target names %d classes; a check is of one", len(targets))
	}
	if err := visualizers.Suits(v, m); err != nil {
		return err
	}
	in := visualizers.Input{Subject: m, Image: s.picture, Tensor: s.tensor, Base: base[0], Targets: targets, Values: r.values[v.Info().ID]}
	if cost := sanity.Expect(v, in, r.options); cost.All.Long() {
		fmt.Fprintf(env.Stderr, "picasso: %s: %s: %s\n", visible.Text(s.Said), v.Info().ID, cost)
	}
	others, err := otherPictures(ctx, m, it, all)
	if err != nil {
		return err
	}
	folder, err := newFolder(r.out, it.Name, drawing.Notice(s.picture), r.read)
	if err != nil {
		return err
	}
	defer folder.Discard()
	progress := meter.New(env.Stderr, env.Progress, s.Name+" "+v.Info().ID)
	defer progress.Clear()
	found, err := sanity.Run(infer.WithProgress(ctx, progress.Stage), sanity.Of(m), v, in, r.options, sanity.Others{Inputs: others}, nil)
	if err != nil {
		return by(v.Info().ID, err)
	}
	progress.Clear()
	r.met = r.met || r.failOn == hyphened(found.Verdict)
	fmt.Fprintf(env.Stdout, "%s: %s: %s. %s\n", visible.Text(s.Said), v.Info().ID, found.Verdict, line(found.Finding))
	for _, text := range found.Notes {
		note(env.Stderr, s.Said+": "+text)
	}
	return r.file(folder, m, s, in, found)
}

// mostOthers is how many other pictures a check compares with, and fewestOthers from
// how many on it is told what maps of other pictures share.
const (
	mostOthers   = 5
	fewestOthers = 2
)

// otherPictures are inputs of some of the other pictures, far from this one in the
// list, for neighbours may be slices of one scan. One that cannot be read is left out:
// it has its own turn.
func otherPictures(ctx context.Context, m *backend.Model, it named.Item, all []named.Item) ([]visualizers.Input, error) {
	if len(all) <= fewestOthers {
		return nil, nil
	}
	n := min(mostOthers, len(all)-1)
	at := slices.IndexFunc(all, func(o named.Item) bool { return o.Name == it.Name })
	var list []visualizers.Input
	for k := range n {
		s, err := load(ctx, m, all[(at+(k+1)*len(all)/(n+1))%len(all)])
		if err != nil && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		base, err := m.Predict(ctx, []infer.Tensor{s.tensor})
		if err != nil {
			return nil, err
		}
		list = append(list, visualizers.Input{Image: s.picture, Tensor: s.tensor, Base: base[0]})
	}
	return list, nil
}

// file writes the maps, the strip and the numbers.
func (r *sanityRequest) file(f *folder, m *backend.Model, s subject, in visualizers.Input, found sanity.Report) error {
	v := r.methods[0]
	rep := newSanityReport(m, s, in.Targets[0], found)
	rep.Visualizer, rep.Settings = v.Info().ID, visualizers.FormatValues(v, in.Values)
	var err error
	save := func(name string, mp visualizers.Map) string {
		if err != nil || len(mp.Values) == 0 {
			return ""
		}
		err = f.array(name+".npy", mp.Shape(), mp.Values)
		return name + ".npy"
	}
	rep.NPY = save("own", found.Map)
	for i, step := range found.Steps {
		rep.Steps[i].NPY = save(fmt.Sprintf("step-%d", i+1), step.Map)
	}
	for i, seed := range found.Seeds {
		rep.Seeds[i].NPY = save(fmt.Sprintf("seed-%d", seed.Seed), seed.Map)
	}
	if err != nil {
		return err
	}
	if len(found.Map.Values) > 0 {
		base, shown := s.base, func(mp visualizers.Map) visualizers.Map { return mp }
		if s.volume != nil { // every map on the slice where that of the network itself is strongest
			slice, _ := s.volume.Show(found.Map)
			if _, base, err = s.volume.At(slice); err != nil {
				return err
			}
			shown = func(mp visualizers.Map) visualizers.Map { return mp.OnSlice(s.volume.Block, slice) }
		}
		strip, err := drawing.Strip(found, v.Info(), func(mp visualizers.Map) *image.RGBA {
			mp = shown(mp)
			return drawing.Figure{Base: base, Map: mp, At: s.extent(mp), Display: drawing.Default(v.Info()), Scan: s.scan()}.Overlay()
		})
		if err != nil {
			return err
		}
		if err := f.png("strip.png", strip); err != nil {
			return err
		}
		rep.Strip = "strip.png"
	}
	if err := f.json(sanityFile, rep); err != nil {
		return err
	}
	return refused(f.Publish())
}

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
	Class      report.Class      `json:"class"`
	Output     string            `json:"output"`
	Score      string            `json:"score"` // what score_before and score_after are of
	Order      sanity.Order      `json:"order"`
	Draw       string            `json:"draw"`
	Seed       uint64            `json:"seed"`
	Units      []string          `json:"units"`        // from the top
	Judged     int               `json:"judged_units"` // from the top, that the verdict is about
	// Baseline is the SSIM of maps that differ, and what it was measured on.
	Baseline   report.Number `json:"baseline_ssim"`
	BaselineOf string        `json:"baseline_of,omitempty"`
	NPY        string        `json:"npy,omitempty"` // the map with the model's own weights
	Strip      string        `json:"strip,omitempty"`
	Steps      []sanityStep  `json:"steps"`
	Seeds      []sanityStep  `json:"seeds"`
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
	Units       int           `json:"units"`
	Names       []string      `json:"names"`
	Seed        uint64        `json:"seed"`
	Spearman    report.Number `json:"spearman"`
	SpearmanAbs report.Number `json:"spearman_abs"`
	SSIM        report.Number `json:"ssim"`
	Before      report.Number `json:"score_before"`
	After       report.Number `json:"score_after"`
	Rescaled    []string      `json:"rescaled,omitempty"`
	Constant    bool          `json:"constant,omitempty"`
	Error       string        `json:"error,omitempty"`
	NPY         string        `json:"npy,omitempty"`
}

func newSanityReport(m *backend.Model, s subject, t score.Target, found sanity.Report) *sanityReport {
	r := &sanityReport{
		Verdict: found.Verdict, Finding: found.Finding, Notes: found.Notes,
		Model: sanityModel{picture.Said(m.Path), m.SHA256}, Image: sanityImage{s.Path, s.Path == "", s.sha256}, Notice: drawing.Notice(s.picture),
		Class: report.ClassOf(m, t), Output: t.Score.String(), Score: found.Score,
		Order: found.Order, Draw: string(found.Draw), Seed: found.Seed, Units: found.Units, Judged: found.Judged,
		Baseline: report.Number(found.Baseline),
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
			Spearman: report.Number(s.Spearman), SpearmanAbs: report.Number(s.SpearmanAbs), SSIM: report.Number(s.SSIM),
			Before: report.Number(found.Before), After: report.Number(s.After), Rescaled: s.Rescaled, Constant: s.Constant, Error: s.Fault,
		})
	}
	return list
}
