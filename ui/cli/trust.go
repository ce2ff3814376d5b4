package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"picasso/backend"
	"picasso/backend/mask"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/cli/meter"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/trust"
)

// trusting is what `explain` was asked to find out about its maps, and what it
// keeps from picture to picture for that.
type trusting struct {
	tests     tests
	substrate string
	region    string // path of the mask
	file      *mask.File
	regions   *mask.Regions // what of it lies on the picture in hand
	solid     *trust.Solid  // what of it lies in the volume in hand
	judges    trust.Judge
	earlier   map[string][]visualizers.Map // of other pictures, by method and class
	drawn     []drawnMap                   // of the picture in hand
}

// drawnMap is a map of the picture in hand, with its place in the report.
type drawnMap struct {
	trust.Named
	at int
}

// tests is a flag with a list of tests, or none: those that take little.
type tests struct {
	names []string
	all   bool // none were named
}

func (t *tests) String() string { return strings.Join(t.names, ",") }

// IsBoolFlag lets the flag stand alone.
func (t *tests) IsBoolFlag() bool { return true }

func (t *tests) Set(text string) error {
	if text == "true" {
		t.all = true
		t.names = slices.DeleteFunc(trust.Tests(), func(name string) bool { return name == trust.StabilityTest })
		return nil
	}
	names := strings.Split(text, ",")
	for _, name := range names {
		if !slices.Contains(trust.Tests(), name) {
			return fmt.Errorf("%q is no test; choose from %s", name, strings.Join(trust.Tests(), ", "))
		}
	}
	t.names, t.all = names, false
	return nil
}

// withTests joins --trust with a list of tests that follows it: the flag may
// stand alone, and another word behind it is a picture.
func withTests(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(out, args[i:]...)
		}
		if (args[i] == "--trust" || args[i] == "-trust") && i+1 < len(args) && new(tests).Set(args[i+1]) == nil {
			out = append(out, args[i]+"="+args[i+1])
			i++
			continue
		}
		out = append(out, args[i])
	}
	return out
}

func (q *trusting) declare(fs *flag.FlagSet) {
	fs.Var(&q.tests, "trust", "judge each map by these `tests`, or without a list by all but stability, which makes the map several times: "+strings.Join(trust.Tests(), ","))
	fs.StringVar(&q.substrate, "trust-substrate", "", "what the cover test covers with: auto (the first that takes the answer away), mean, blur, grey, black, or impute (colours guessed from around, ROAD); default auto")
	fs.StringVar(&q.region, "region", "", "the `path` of regions of the picture, as .png or .npy of its size (0 outside), .json (COCO) or .txt (YOLO), or a segmentation in the patient (DICOM SEG, NIfTI) of the same grid: judge whether each map lies inside")
}

func (q *trusting) check() error {
	if q.region != "" && !slices.Contains(q.tests.names, trust.RegionTest) {
		q.tests.names = append(q.tests.names, trust.RegionTest)
	}
	switch {
	case q.region == "" && !q.tests.all && q.wants(trust.RegionTest):
		return wrong("--trust region needs --region: the path of a mask or of annotations")
	case q.substrate != "" && !q.wants(trust.CoverTest):
		return wrong("--trust-substrate is for the cover test; add --trust cover")
	}
	if err := trust.CheckSubstrate(q.substrate); err != nil {
		return wrong("--trust-substrate: %w", err)
	}
	return nil
}

func (q *trusting) wants(test string) bool { return slices.Contains(q.tests.names, test) }

// open reads the file of regions.
func (q *trusting) open(ctx context.Context) (err error) {
	if q.region == "" {
		return nil
	}
	if q.file, err = mask.Open(ctx, q.region); err != nil {
		return wrong("--region: %w", err)
	}
	return nil
}

// fits lays the regions on a picture and begins with it; a mask of another size is
// refused.
func (q *trusting) fits(ctx context.Context, s subject) error {
	q.drawn = nil
	if q.region == "" {
		return nil
	}
	if s.volume != nil {
		var err error
		q.solid, err = s.volume.Regions(ctx, q.file)
		return err
	}
	regions, err := q.file.On(ctx, s.ground())
	if err != nil {
		return err
	}
	q.regions = regions
	return nil
}

// judging is one map with everything that it came from.
type judging struct {
	method visualizers.Visualizer
	model  *backend.Model
	s      subject
	in     visualizers.Input
	result visualizers.Result
	drawn  visualizers.Map
}

// judge tests the map that was added to the report last.
func (q *trusting) judge(ctx context.Context, env Env, j judging, rep *report.Report) error {
	if len(q.tests.names) == 0 {
		return nil
	}
	at := len(rep.Maps) - 1
	start := time.Now()
	defer func() { rep.Timing.TrustMS += report.Milliseconds(time.Since(start)) }()
	r := q.compareNumbers(j)
	rep.Maps[at].Trust = r
	info := j.method.Info()
	q.drawn = append(q.drawn, drawnMap{trust.Named{Visualizer: info.ID, Title: info.Title, Map: j.drawn}, at})
	for _, test := range []func(context.Context, Env, judging, *trust.Report) error{q.cover, q.otherClass, q.again} {
		if err := test(ctx, env, j, r); err != nil {
			return err
		}
	}
	return nil
}

// compareNumbers runs the tests that ask nothing of the model.
func (q *trusting) compareNumbers(j judging) *trust.Report {
	beside := trust.Beside{Place: j.s.place}
	if beside.Solid = q.solid; q.regions != nil {
		all := q.regions.All()
		beside.Region, beside.Labels = &all, q.regions
	}
	if q.wants(trust.PicturesTest) {
		if others := q.others(j); len(others) > 1 || !q.tests.all {
			beside.Pictures = append([]visualizers.Map{}, others...)
		}
	}
	r := trust.Compare(j.in, j.drawn, beside)
	if !q.wants(trust.SumTest) {
		r.Completeness = nil
	}
	if !q.wants(trust.EdgesTest) {
		r.Edges = nil
	}
	return &r
}

// mostEarlier bounds the maps of other pictures that are kept.
const mostEarlier = 8

// others are the maps of the pictures before, to which it adds this one.
func (q *trusting) others(j judging) []visualizers.Map {
	key := fmt.Sprintf("%s %d %d", j.method.Info().ID, j.drawn.Target.Class, j.drawn.Target.Against)
	if q.earlier == nil {
		q.earlier = map[string][]visualizers.Map{}
	}
	others := q.earlier[key]
	if len(others) < mostEarlier {
		q.earlier[key] = append(others, j.drawn)
	}
	return others
}

func (q *trusting) cover(ctx context.Context, env Env, j judging, r *trust.Report) error {
	if !q.wants(trust.CoverTest) {
		return nil
	}
	if cost := visualizers.PassPreview(j.model, trust.MostPasses); cost.Long() {
		fmt.Fprintf(env.Stderr, "picasso: %s: cover test: %s\n", visible.Text(j.s.Said), cost)
	}
	progress := meter.New(env.Stderr, env.Progress, j.s.Name+" "+j.method.Info().ID)
	defer progress.Clear()
	o := trust.CoverOptions{Substrate: q.substrate, Kin: j.result.Patches != nil}
	c, err := q.judges.Cover(ctx, j.in, j.drawn, o, func(c trust.Cover) {
		progress.Stage("cover test", c.Done)
	})
	if err != nil {
		return fmt.Errorf("cover test: %w", err)
	}
	r.Cover = &c
	return nil
}

// mostClassPasses is what the map of another class may take where it was not
// asked for by name.
const mostClassPasses = 64

// otherClass compares with the map of the class that comes next.
func (q *trusting) otherClass(ctx context.Context, _ Env, j judging, r *trust.Report) error {
	t, ok := trust.NextClass(j.in.Base, j.drawn.Target)
	if !ok || !q.wants(trust.ClassTest) {
		return nil
	}
	m := j.result.MapOf(t, j.model)
	if p, can := j.method.(visualizers.Previewer); m == nil && q.tests.all && can && p.Preview(j.model, j.in.Values).Passes > mostClassPasses {
		return nil
	}
	if m == nil {
		in := j.in
		in.Targets = []score.Target{t}
		drawn, err := trust.Explaining(j.method)(ctx, in)
		if err != nil {
			return fmt.Errorf("map of another class: %w", err)
		}
		m = &drawn
	}
	o := trust.ComparedWith(j.in, j.drawn, *m)
	r.OtherClass = &o
	return nil
}

func (q *trusting) again(ctx context.Context, _ Env, j judging, r *trust.Report) error {
	if !q.wants(trust.StabilityTest) {
		return nil
	}
	s, err := trust.Again(ctx, j.in, j.drawn, trust.Explaining(j.method), trust.Reseeded(j.method, j.in.Values, trust.OtherSeeds))
	if err != nil {
		return fmt.Errorf("same again: %w", err)
	}
	r.Stability = &s
	return nil
}

// compare sets the maps of all methods side by side and says what was found.
func (q *trusting) compare(env Env, s subject, m *backend.Model, rep *report.Report) {
	for _, d := range q.drawn {
		r := rep.Maps[d.at].Trust
		if q.wants(trust.AgreementTest) {
			var others []trust.Named
			for _, o := range q.drawn {
				if o.Visualizer != d.Visualizer && o.Map.Target.Class == d.Map.Target.Class && o.Map.Target.Against == d.Map.Target.Against {
					others = append(others, o.Named)
				}
			}
			if len(others) > 0 || !q.tests.all {
				a := trust.Agrees(d.Map, others)
				r.Agreement = &a
			}
		}
		for _, f := range r.Findings() {
			fmt.Fprintf(env.Stdout, "%s: %s, %s: %s\n", visible.Text(s.Said), d.Visualizer, line(d.Map.Target.Symbol(m)), line(f.String()))
		}
	}
}
