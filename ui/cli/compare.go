package cli

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"path/filepath"
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
	"picasso/visualizers/sliding"
)

// Files of a comparison: of each picture, and of all of them.
const (
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
	r.model.volumes = true
	r.choice.DeclareChannels(fs)
	r.model.block.Declare(fs)
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
	first, _, items, err := r.begin(ctx, env, report.ComparedFile)
	if err != nil {
		return nil, models, err
	}
	r.read = inputs(&r.b, items, append(r.model.reads(), r.files...)...)
	if err := r.read.Refuse(append(r.certain(items, report.ComparedFile), filepath.Join(r.out, comparedTable))); err != nil {
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
	if (models[0].Depth() > 0) != (models[1].Depth() > 0) {
		return wrong("one of the models takes volumes and the other pictures; compare two that take the same")
	}
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
		base, err := s.asked(models[i]).Predict(ctx, []infer.Tensor{s.tensor})
		if err != nil {
			return fmt.Errorf("model %s: %w", picture.Said(models[i].Path), err)
		}
		sides[i] = seenBy{s, models[i], r.model.runtime.Version(), base[0], r.methods[0], r.values[i]}
	}
	a, b := sides[0], sides[1]
	said.look(a.subject)
	seen := [2]report.Seen{a.seen(), b.seen()}
	c := report.NewCompared(a.Label, seen[0], seen[1])
	folder, err := newFolder(r.out, it.Name, c.Notice, r.read)
	if err != nil {
		return err
	}
	defer folder.Discard()
	of, err := r.explained(a, b)
	if err != nil {
		return err
	}
	if other, ok := c.Match(seen[0], seen[1], of); ok && c.OnOnePicture(seen[0], seen[1]) {
		if err := drawCompared(ctx, env, folder, &c, sides, seen, [2]score.Target{of, other}); err != nil {
			return err
		}
	}
	said.tell(it, c.Notes)
	if err := folder.json(report.ComparedFile, c); err != nil {
		return err
	}
	if err := folder.Publish(); err != nil {
		return refused(err)
	}
	r.compared = append(r.compared, c)
	return printLine(env.Stdout, "%s: %s", it.Said, c.Sentence())
}

// seen is the picture as reports tell of it.
func (s seenBy) seen() report.Seen {
	return report.Seen{Subject: about(s.model, s.subject, s.runtime, s.answer, nil), Method: s.method, Values: s.values}
}

// explained reads what is explained of the first model.
func (r *comparison) explained(a, b seenBy) (of score.Target, err error) {
	targets, err := score.ParseTarget(r.target, a.model, a.answer, r.scale(a.method, a.model.HasLogits() && b.model.HasLogits()))
	if err != nil {
		return of, err
	}
	if len(targets) != 1 {
		return of, fmt.Errorf("--target names %d classes; a comparison is of one", len(targets))
	}
	return targets[0], nil
}

// drawCompared makes both maps and what they differ by.
func drawCompared(ctx context.Context, env Env, f *folder, c *report.Compared, sides [2]seenBy, seen [2]report.Seen, targets [2]score.Target) error {
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
	if maps[0].Depth > 0 {
		if err := onOneSlice(c, sides, &seen, &maps); err != nil {
			return err
		}
	}
	r, err := abandonable(ctx, func() (compare.Result, error) { return c.Maps(seen[0], seen[1], maps), nil })
	if err != nil {
		return err
	}
	figures := seen[0].Figures(maps[0], r, drawing.Default(sides[0].method.Info()))
	c.Draw(figures)
	for i, figure := range figures {
		name := report.PartNames[i]
		if err := f.array(name+".npy", figure.Map.Shape(), figure.Map.Values); err != nil {
			return err
		}
		if err := f.png(name+".png", figure.Overlay()); err != nil {
			return err
		}
		c.Files = append(c.Files, name+".npy", name+".png")
	}
	return nil
}

// onOneSlice brings maps of a volume, whose models may have got other parts of it, to the
// pixels of one slice of the file: the one that was asked for, else the one with the
// largest share of A's map.
func onOneSlice(c *report.Compared, sides [2]seenBy, seen *[2]report.Seen, maps *[2]visualizers.Map) error {
	slice, _ := sides[0].volume.Show(maps[0])
	for i, s := range sides {
		img, base, err := s.volume.At(slice)
		if err != nil {
			return err
		}
		seen[i].Subject.Picture, seen[i].Subject.Base = img, base
		maps[i] = maps[i].OnSlice(s.volume.Block, slice)
	}
	c.Note("both maps are those of slice %d of the volume, counted from 0, in its pixels", slice)
	return nil
}

// explain makes one map; nil for a method that draws none.
func (s seenBy) explain(ctx context.Context, env Env, of score.Target) (*visualizers.Map, error) {
	v, values, asked := s.method, s.values, s.asked(s.model)
	var moved error
	if s.over != nil {
		moved = sliding.Suits(v)
	}
	if err := cmp.Or(moved, visualizers.Suits(v, asked)); err != nil {
		return nil, err
	}
	if err := tellCost(ctx, env, asked, v, values, s.subject); err != nil {
		return nil, err
	}
	line := meter.New(env.Stderr, env.Progress, s.Name+" "+v.Info().ID+" "+filepath.Base(picture.Said(s.model.Path)))
	defer line.Clear()
	in := visualizers.Input{Subject: asked, Image: s.picture, Tensor: s.tensor, Base: s.answer, Targets: []score.Target{of}, Values: values}
	result, err := v.Explain(infer.WithProgress(ctx, line.Stage), in, line.Show)
	if err != nil {
		return nil, err
	}
	return result.MapOf(of, s.model), nil
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
