package cli

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"math"
	"path/filepath"
	"reflect"
	"slices"

	"picasso/backend"
	"picasso/backend/files"
	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/ui/cli/meter"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/compare"
)

// Files of a comparison: of each picture, and of all of them.
const (
	comparedFile  = "compare.json"
	comparedTable = "compare.csv"
)

// comparison is a parsed `compare` command line: the request is the first model's.
type comparison struct {
	request
	models   texts
	own      [2]texts   // settings of one model, in the order of models
	b        modelFlags // the second model's
	values   [2]visualizers.Values
	compared []report.Compared
}

func compareModels(ctx context.Context, env Env, args []string) error {
	r := &comparison{}
	fs := flags("compare")
	r.declare(fs)
	if err := parse(env, fs, args, &r.images); err != nil {
		return err
	}
	if err := r.check(ctx, env); err != nil {
		return err
	}
	items, models, err := r.open(ctx, env)
	if err != nil {
		return err
	}
	defer models[0].Close()
	defer models[1].Close()
	failed := r.each(ctx, env, items, func(said *remarks, it named.Item) error { return r.one(ctx, env, said, models, it) })
	if err := r.table(); err != nil {
		return err
	}
	return failed
}

func (r *comparison) declare(fs *flag.FlagSet) {
	fs.Var(&r.models, "model", "the ONNX `file` of a model; give two, A and then B. What their sidecars say of preparation and labels holds for each")
	r.model.declareUse(fs, "labels")
	fs.Var(&r.own[0], "model-set-a", "a sidecar setting as `key=value` like --model-set, for the first model alone; may be repeated")
	fs.Var(&r.own[1], "model-set-b", "a sidecar setting as `key=value`, for the second model alone; may be repeated")
	r.declareWork(fs)
}

func (r *comparison) check(ctx context.Context, env Env) error {
	if len(r.models) != 2 {
		return wrong("--model is given %d times; compare takes two models, A and then B", len(r.models))
	}
	r.model.path = r.models[0]
	if err := r.request.check(ctx, env); err != nil {
		return err
	}
	if len(r.methods) != 1 {
		return wrong("give one --visualizer; two models are compared by one method")
	}
	r.b = r.model
	r.b.path = r.models[1]
	r.model.set, r.b.set = slices.Concat(r.model.set, r.own[0]), slices.Concat(r.model.set, r.own[1])
	return nil
}

// open finds the pictures, makes the output folder and opens both models.
func (r *comparison) open(ctx context.Context, env Env) ([]named.Item, [2]*backend.Model, error) {
	var models [2]*backend.Model
	first, _, items, err := r.begin(ctx, env, comparedFile)
	if err != nil {
		return nil, models, err
	}
	r.read = inputs(&r.b, items, append(r.model.reads(), r.files...)...)
	if err := r.read.Refuse(append(r.certain(items, comparedFile), filepath.Join(r.out, comparedTable))); err != nil {
		first.Close()
		return nil, models, wrong("%w", refused(err))
	}
	r.b.sizeOf(items)
	second, _, err := r.b.open(ctx, env)
	if err != nil {
		first.Close()
		return nil, models, err
	}
	models = [2]*backend.Model{first, second}
	if err := r.configure(models); err != nil {
		first.Close()
		second.Close()
		return nil, models, err
	}
	return items, models, nil
}

// configure reads the method's settings for each model.
func (r *comparison) configure(models [2]*backend.Model) error {
	if r.score == "logit" && !models[1].HasLogits() {
		return wrong("--output: the second model has no logits; use --output prob")
	}
	for i, m := range models {
		values, err := r.valuesFor(m)
		if err != nil {
			return err
		}
		r.values[i] = values[r.methods[0].Info().ID]
	}
	return nil
}

// seenBy is a picture as one model sees it.
type seenBy struct {
	subject
	model   *backend.Model
	runtime string // its version
	answer  score.Scores
	method  visualizers.Visualizer
	values  visualizers.Values
}

func (r *comparison) one(ctx context.Context, env Env, said *remarks, models [2]*backend.Model, it named.Item) error {
	var sides [2]seenBy
	for i := range sides {
		s, err := load(ctx, models[i], it)
		if err != nil {
			return fmt.Errorf("model %s: %w", picture.Said(models[i].Path), err)
		}
		base, err := models[i].Predict(ctx, []infer.Tensor{s.tensor})
		if err != nil {
			return fmt.Errorf("model %s: %w", picture.Said(models[i].Path), err)
		}
		sides[i] = seenBy{s, models[i], r.model.runtime.Version(), base[0], r.methods[0], r.values[i]}
	}
	a, b := sides[0], sides[1]
	said.look(a.subject)
	c := newCompared(a, b)
	folder, err := newFolder(r.out, it.Name, c.Notice, r.read)
	if err != nil {
		return err
	}
	defer folder.Discard()
	targets, err := r.matched(a, b, &c)
	if err != nil {
		return err
	}
	if err := drawCompared(ctx, env, folder, &c, sides, targets); err != nil {
		return err
	}
	said.tell(it, c.Notes)
	if err := folder.json(comparedFile, c); err != nil {
		return err
	}
	if err := folder.Publish(); err != nil {
		return refused(err)
	}
	r.compared = append(r.compared, c)
	return printLine(env.Stdout, "%s: %s", it.Said, c.Sentence())
}

func newCompared(a, b seenBy) report.Compared {
	c := report.Compared{
		Image: a.Label, SHA256: a.sha256, Notice: drawing.Notice(a.picture), Visualizer: a.method.Info().ID,
		A: answered(a), B: answered(b), Spearman: report.Number(math.NaN()), DeltaProbability: report.Number(math.NaN()), Notes: []string{}, Files: []string{},
	}
	kindA, kindB := a.model.OutputKind(), b.model.OutputKind()
	if !kindA.OfClasses() || !kindB.OfClasses() {
		return c
	}
	bestA, bestB := c.A.Predictions, c.B.Predictions
	if len(bestA) > 0 && len(bestB) > 0 {
		m, err := compare.Classes(a.model, b.model, bestA[0].Index)
		same := err == nil && m.B == bestB[0].Index
		c.SameAnswer = &same
	}
	return c
}

func answered(s seenBy) report.ComparedModel {
	return report.ComparedModel{
		Model:       about(s.model, s.subject, s.runtime, s.answer, nil).File,
		Settings:    visualizers.FormatValues(s.method, s.values),
		Predictions: report.Predictions(s.model, s.answer, report.MostPredictions),
	}
}

// matched finds what is explained of either model; nothing where only the answers
// can be compared, which it notes.
func (r *comparison) matched(a, b seenBy, c *report.Compared) ([]score.Target, error) {
	targets, err := score.ParseTarget(r.target, a.model, a.answer, r.scale(a.method, a.model.HasLogits() && b.model.HasLogits()))
	if err != nil {
		return nil, err
	}
	if len(targets) != 1 {
		return nil, fmt.Errorf("--target names %d classes; a comparison is of one", len(targets))
	}
	of := targets[0]
	c.Output = of.Score.String()
	if kindA, kindB := a.model.OutputKind(), b.model.OutputKind(); kindA != kindB {
		c.Note("the outputs are of different kinds, %s and %s: only the answers are compared", kindA, kindB)
		return nil, nil
	}
	m, err := compare.Classes(a.model, b.model, of.Class)
	if err != nil {
		c.Note("%v: only the answers are compared", err)
		return nil, nil
	}
	c.Note("%s", m.Note(a.model, b.model))
	other := score.ClassTarget(m.B, of.Score)
	byName := m.ByName
	if of.Against != score.NoClass {
		against, err := compare.Classes(a.model, b.model, of.Against)
		if err != nil {
			c.Note("%v: only the answers are compared", err)
			return nil, nil
		}
		c.Note("%s", against.Note(a.model, b.model))
		other.Against, byName = against.B, byName && against.ByName
	}
	c.Class = &report.ClassPair{A: report.ClassOf(a.model, of), B: report.ClassOf(b.model, other), Matched: "index"}
	if byName {
		c.Class.Matched = "name"
	}
	c.DeltaProbability = delta(a.answer, b.answer, of, other)
	return []score.Target{of, other}, nil
}

// delta is the difference of the probabilities of what is explained.
func delta(a, b score.Scores, of, other score.Target) report.Number {
	of.Score, other.Score = score.Probability, score.Probability
	x, errA := of.Value(a)
	y, errB := other.Value(b)
	if errA != nil || errB != nil {
		return report.Number(math.NaN())
	}
	return report.Number(x - y)
}

// drawCompared makes both maps and what they differ by, where there is something to
// compare.
func drawCompared(ctx context.Context, env Env, f *folder, c *report.Compared, sides [2]seenBy, targets []score.Target) error {
	if targets == nil {
		return nil
	}
	a, b := sides[0], sides[1]
	prepA, prepB := a.model.Known().Preprocess, b.model.Known().Preprocess
	if a.base.Rect.Size() != b.base.Rect.Size() || prepA.Orientation != prepB.Orientation {
		c.Note("the models turn the picture in different ways, so that their maps do not lie on one picture: only the answers are compared")
		return nil
	}
	var maps [2]visualizers.Map
	for i, s := range sides {
		m, err := s.explain(ctx, env, targets[i])
		if err != nil {
			return fmt.Errorf("model %s: %w", picture.Said(s.model.Path), by(s.method.Info().ID, err))
		}
		if m == nil {
			c.Note("%s draws no map: only the answers are compared", s.method.Info().Title)
			return nil
		}
		maps[i] = *m
	}
	size := a.base.Rect.Size()
	info := a.method.Info()
	shapeOnly := compare.ShapeOnly(info.Group, a.model.SHA256 == b.model.SHA256, reflect.DeepEqual(prepA, prepB))
	r, err := abandonable(ctx, func() (compare.Result, error) {
		return compare.Maps(a.side(maps[0]), b.side(maps[1]), size.Y, size.X, shapeOnly), nil
	})
	if err != nil {
		return err
	}
	c.Spearman, c.ShapeOnly, c.Unit = report.Number(r.Spearman), r.ShapeOnly, maps[0].Unit
	if r.ShapeOnly {
		c.Unit += ", divided by its root mean square"
		c.Note("values of %s in two models are no quantities of one kind: each map is divided by its root mean square, and only shapes are compared", info.Title)
	}
	return a.fileCompared(f, c, maps[0], r)
}

// explain makes one map; nil for a method that draws none.
func (s seenBy) explain(ctx context.Context, env Env, of score.Target) (*visualizers.Map, error) {
	v, values := s.method, s.values
	if err := visualizers.Suits(v, s.model); err != nil {
		return nil, err
	}
	if err := tellCost(ctx, env, s.model, v, values, s.subject); err != nil {
		return nil, err
	}
	line := meter.New(env.Stderr, env.Progress, s.Name+" "+v.Info().ID+" "+filepath.Base(picture.Said(s.model.Path)))
	defer line.Clear()
	in := visualizers.Input{Subject: s.model, Image: s.picture, Tensor: s.tensor, Base: s.answer, Targets: []score.Target{of}, Values: values}
	result, err := v.Explain(infer.WithProgress(ctx, line.Stage), in, line.Show)
	if err != nil {
		return nil, err
	}
	return result.MapOf(of, s.model), nil
}

// side is a map with its place on the picture.
func (s seenBy) side(m visualizers.Map) compare.Side {
	_, height, width := s.model.Shape()
	return compare.Side{Map: m, Place: s.place, Input: image.Pt(width, height)}
}

// fileCompared writes both maps and the difference: numbers, and pictures on one scale, that
// of the maps.
func (s seenBy) fileCompared(f *folder, c *report.Compared, like visualizers.Map, r compare.Result) error {
	like.Channels, like.Apart, like.Height, like.Width, like.WholePicture = 1, false, r.Height, r.Width, true
	like.Fixed = nil
	display := drawing.Default(s.method.Info())
	both := drawing.Range{}
	for _, values := range [][]float32{r.A, r.B} {
		like.Values = values
		scale := display.Style(like, s.scan()).Scale(drawing.Field(like)).Range
		both = both.Joined(drawing.Range{Lo: scale.Lo, Hi: scale.Hi})
	}
	for _, part := range []struct {
		name   string
		values []float32
	}{{"a", r.A}, {"b", r.B}, {"difference", r.Difference}} {
		like.Values = part.values
		if part.name == "difference" {
			most := max(-both.Lo, both.Hi)
			like.Signed, both = true, drawing.Range{Lo: -most, Hi: most}
		}
		display.Locked = &both
		if err := f.array(part.name+".npy", like.Shape(), like.Values); err != nil {
			return err
		}
		drawn := drawing.Figure{Base: s.base, Map: like, At: s.extent(like), Display: display, Scan: s.scan()}.Overlay()
		if err := f.png(part.name+".png", drawn); err != nil {
			return err
		}
		c.Files = append(c.Files, part.name+".npy", part.name+".png")
	}
	return nil
}

// table writes compare.csv.
func (r *comparison) table() error {
	report.ByDisagreement(r.compared)
	var b bytes.Buffer
	if err := report.WriteCompared(&b, r.compared); err != nil {
		return err
	}
	return files.Write(filepath.Join(r.out, comparedTable), b.Bytes(), files.Ordinary)
}
