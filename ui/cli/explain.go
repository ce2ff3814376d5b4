package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"picasso/backend/score"
	"slices"
	"strings"
	"time"

	"picasso/backend"
	"picasso/backend/files"
	"picasso/backend/gradients"
	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/cli/meter"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
	inner "picasso/visualizers/layers"
	"picasso/visualizers/sliding"
)

// request is a parsed `explain` command line.
type request struct {
	model   modelFlags
	images  texts
	choice  named.Selection
	ids     words
	files   texts // scripts named on the command line
	sets    texts
	target  string
	score   string
	feature string // of a layer, explained in place of classes, "" for none
	out     string
	draw    drawn
	methods []visualizers.Visualizer
	values  map[string]visualizers.Values // of each method, by its id
	read    *files.Inputs                 // which no result may overwrite
	beside  *beside
	trust   trusting
	sheet   bool
	archive archived
}

func explain(ctx context.Context, env Env, args []string) error {
	r := &request{}
	fs := flags("explain")
	r.model.volumes = true
	r.declare(fs)
	r.model.block.Declare(fs)
	r.choice.DeclareChannels(fs)
	r.draw.declare(fs)
	r.trust.declare(fs)
	fs.BoolVar(&r.sheet, "sheet", false, "besides, one sheet with the maps of all methods and classes, one colour scale a method, and how far the methods agree: sheet.png")
	r.archive.declare(fs)
	if err := parse(env, fs, withTests(args), &r.images); err != nil {
		return err
	}
	for _, check := range []func() error{r.trust.check, r.draw.check, func() error { return r.archive.check(env, r.trust.region, r.draw) }} {
		if err := check(); err != nil {
			return err
		}
	}
	if err := r.check(ctx, env); err != nil {
		return err
	}
	if err := r.trust.open(ctx); err != nil {
		return err
	}
	model, took, items, err := r.begin(ctx, env, picture.ResultFile)
	if err != nil {
		return err
	}
	defer model.Close()
	err = r.each(ctx, env, items, func(said *remarks, it named.Item) error {
		return explainOne(ctx, env, said, r, model, took, it)
	})
	return errors.Join(err, r.archive.finish(ctx, env, r.out, r.read))
}

// begin finds what is to be explained, makes the output folder and opens the
// model, once nothing is left that could be wrong with the command line. file is
// the one that every image gets.
func (r *request) begin(ctx context.Context, env Env, file string) (*backend.Model, time.Duration, []named.Item, error) {
	items, err := expand(ctx, env, r.images, &r.choice)
	if err != nil {
		return nil, 0, nil, err
	}
	r.read = inputs(&r.model, items, append(slices.Clone(r.files), r.trust.region)...)
	if err := r.read.Refuse(r.certain(items, file)); err != nil {
		return nil, 0, nil, wrong("%w", refused(err))
	}
	if err := os.MkdirAll(r.out, 0o777); err != nil {
		return nil, 0, nil, wrong("%s: the output folder cannot be created: %w", picture.Said(r.out), named.Bare(err))
	}
	r.model.sizeOf(items)
	model, took, err := r.model.open(ctx, env)
	if err != nil {
		return nil, 0, nil, err
	}
	if err := r.settle(model); err != nil {
		model.Close()
		return nil, 0, nil, err
	}
	r.tellIdle(env)
	if items, err = whole(model, items, &r.choice); err != nil {
		model.Close()
		return nil, 0, nil, err
	}
	r.archive.plan(items)
	r.beside = &beside{model: model, items: items}
	return model, took, items, nil
}

// certain are the files that will be written whatever the methods find.
func (r *request) certain(items []named.Item, file string) []string {
	paths := []string{filepath.Join(r.out, "errors.json")}
	for _, it := range items {
		paths = append(paths, filepath.Join(r.out, it.Name, file))
	}
	return paths
}

// declare adds the flags that say what is explained, how and where to.
func (r *request) declare(fs *flag.FlagSet) {
	r.model.declare(fs)
	r.declareWork(fs)
}

// declareWork is declare without the model.
func (r *request) declareWork(fs *flag.FlagSet) {
	fs.Var(&r.images, "image", "the `path` of a picture, a folder of pictures, a scan (DICOM, NIfTI), or an .npy array with the model's input; may be repeated")
	r.choice.Declare(fs)
	fs.Var(&r.ids, "visualizer", "the `id` of the method, see picasso visualizers; several with commas between them; may be repeated")
	fs.Var(&r.files, "visualizer-file", "the `path` of the .star file of a scripted method; may be repeated")
	fs.Var(&r.sets, "set", "a setting as `key=value`; may be repeated")
	fs.StringVar(&r.target, "target", "top", "the `class` to explain: top, top:N, its index, its name, or A-B for the difference of two")
	fs.StringVar(&r.score, "output", "", "the `score` to explain: prob (probability) or logit; default: what suits the method")
	fs.StringVar(&r.feature, "feature", "", "explain a `feature` of a layer in place of a class: LAYER:CHANNEL, or LAYER:CHANNEL@ROW,COLUMN for one cell (of volumes LAYER:CHANNEL@SLICE,ROW,COLUMN); picasso layers lists the layers")
	fs.StringVar(&r.out, "out", "", "the output `folder`")
}

func (r *request) check(ctx context.Context, env Env) error {
	r.model.options.PictureMemory = r.choice.Memory
	if err := r.model.check(); err != nil {
		return err
	}
	switch {
	case len(r.images) == 0:
		return wrong("--image is missing: give a picture, a folder of pictures, or an .npy array")
	case len(r.ids) == 0 && len(r.files) == 0:
		return wrong("--visualizer is missing; `picasso visualizers` lists them")
	case r.out == "":
		return wrong("--out is missing: give the output folder")
	case r.feature != "" && (r.trust.tests.all || len(r.trust.tests.names) > 0 || r.trust.region != ""):
		return wrong("--feature: the tests of trust are about classes; leave --trust and --region out")
	case r.score != "" && r.score != "prob" && r.score != "logit":
		return wrong("--output %q is unknown; choose prob or logit", r.score)
	}
	if err := misused(r.choice.Check()); err != nil {
		return err
	}
	return r.find(ctx, env)
}

// find looks up the methods by id and loads those named by file.
func (r *request) find(ctx context.Context, env Env) error {
	for _, id := range r.ids {
		v, err := findMethod(ctx, env, id)
		if err != nil {
			return wrong("%w", err)
		}
		r.methods = append(r.methods, v)
	}
	scripts, err := openScripts(ctx, env, r.files)
	if err != nil {
		return err
	}
	for _, v := range scripts {
		if slices.ContainsFunc(r.methods, func(o visualizers.Visualizer) bool { return o.Info().ID == v.Info().ID }) {
			return wrong("two methods have the id %q; change it in one of the scripts", v.Info().ID)
		}
		r.methods = append(r.methods, v)
	}
	return nil
}

// settle reads the target and the settings of every method, and refuses bad ones
// before the first image is touched.
func (r *request) settle(m *backend.Model) error {
	if err := score.CheckTarget(r.target, m); err != nil {
		return wrong("--target: %w", err)
	}
	if r.score == "logit" && !m.HasLogits() {
		return wrong("--output: the model has no logits; use --output prob")
	}
	if r.feature != "" {
		if _, _, err := r.units(m); err != nil {
			return wrong("--feature: %w", err)
		}
	}
	values, err := r.valuesFor(m)
	r.values = values
	return err
}

// tellIdle says which of the settings that were given change nothing beside the others.
func (r *request) tellIdle(env Env) {
	for _, v := range r.methods {
		id := v.Info().ID
		for _, pair := range r.pairs(v) {
			key, _, _ := strings.Cut(pair, "=")
			at := slices.IndexFunc(v.Settings(), func(s visualizers.Setting) bool { return s.Key() == strings.TrimSpace(key) })
			if at < 0 {
				continue
			}
			if s := v.Settings()[at]; !s.Matters(r.values[id]) {
				note(env.Stderr, fmt.Sprintf("%s: --set %s changes nothing; it matters only with --set %s", id, pair, s.Spec().Only))
			}
		}
	}
}

// valuesFor are the settings of every method for a model.
func (r *request) valuesFor(m *backend.Model) (map[string]visualizers.Values, error) {
	all := map[string]visualizers.Values{}
	for _, v := range r.methods {
		values, err := visualizers.ParseValues(v, m, r.pairs(v))
		if err != nil {
			return nil, wrong("%w", err)
		}
		all[v.Info().ID] = values
	}
	return all, nil
}

// pairs are the settings meant for v: with several visualizers, each takes
// those it has, and one that none has is left in for its error message.
func (r *request) pairs(v visualizers.Visualizer) []string {
	if len(r.methods) == 1 {
		return r.sets
	}
	var out []string
	for _, pair := range r.sets {
		key, _, _ := strings.Cut(pair, "=")
		if hasSetting(v, key) || !slices.ContainsFunc(r.methods, func(o visualizers.Visualizer) bool { return hasSetting(o, key) }) {
			out = append(out, pair)
		}
	}
	return out
}

func hasSetting(v visualizers.Visualizer, key string) bool {
	return slices.ContainsFunc(v.Settings(), func(s visualizers.Setting) bool { return s.Key() == strings.TrimSpace(key) })
}

// each does something with every image and goes on after one that failed, so that
// one bad file never costs the others.
func (r *request) each(ctx context.Context, env Env, items []named.Item, do func(*remarks, named.Item) error) error {
	var failed []imageError
	said := newRemarks(env)
	for _, it := range items {
		if ctx.Err() != nil {
			failed = append(failed, imageError{it.Label, stopped})
			continue
		}
		err := do(said, it)
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			failed = append(failed, imageError{it.Label, stopped})
			continue
		}
		why := reason(err)
		failed = append(failed, imageError{it.Label, why})
		fmt.Fprintln(env.Stderr, "picasso:", imageError{it.Said, why}.line())
	}
	said.count()
	if len(failed) == 0 {
		return nil
	}
	data, err := encodeJSON(failed)
	if err != nil {
		return err
	}
	if err := files.Write(filepath.Join(r.out, "errors.json"), data, files.Ordinary); err != nil {
		return err
	}
	return ended(ctx, len(failed), len(items))
}

func explainOne(ctx context.Context, env Env, said *remarks, r *request, m *backend.Model, loaded time.Duration, it named.Item) error {
	s, err := load(ctx, m, it)
	if err != nil {
		return err
	}
	said.look(s)
	if err := r.archive.on(ctx, said, s); err != nil {
		return err
	}
	base, err := s.asked(m).Predict(ctx, []infer.Tensor{s.tensor})
	if err != nil {
		return err
	}
	subject := about(m, s, r.model.runtime.Version(), base[0], warn(ctx, said, m, s, base[0]))
	folder, err := newFolder(r.out, it.Name, drawing.Notice(s.picture), r.read)
	if err != nil {
		return err
	}
	defer folder.Discard()
	if err := r.trust.fits(ctx, s); err != nil {
		return err
	}
	r.archive.regions = r.trust.regions
	subject.Regions = report.Regions(r.trust.regions)
	p := &filing{Report: report.New(subject), subject: subject, folder: folder, draw: r.draw, archive: &r.archive, volume: s.volume}
	if r.sheet {
		p.sheet = &report.Board{Subject: subject}
	}
	p.Timing = &report.Timing{LoadMS: report.Milliseconds(loaded)}
	if err := p.addPicture(); err != nil {
		return err
	}
	for _, v := range r.methods {
		if err := explainBy(ctx, env, said, r, m, v, s, base[0], p); err != nil {
			return by(v.Info().ID, err)
		}
	}
	r.trust.compare(env, s, m, p.Report)
	if p.sheet != nil {
		if err := p.fileSheet(); err != nil {
			return err
		}
	}
	if s.volume == nil {
		err = p.regions()
	} else {
		err = p.volumeRegions(ctx, r.trust.slices)
	}
	if err != nil {
		return err
	}
	if err := folder.json(picture.ResultFile, p.Report); err != nil {
		return err
	}
	return refused(folder.Publish())
}

// by names the method in its error, where the error does not begin with it.
func by(id string, err error) error {
	if strings.HasPrefix(err.Error(), id+":") {
		return err
	}
	return fmt.Errorf("%s: %w", id, err)
}

// explainBy runs one visualizer on one image and files what it found.
func explainBy(ctx context.Context, env Env, said *remarks, r *request, m *backend.Model, v visualizers.Visualizer,
	s subject, base score.Scores, p *filing) error {
	values := r.values[v.Info().ID]
	in := visualizers.Input{Subject: s.asked(m), Image: s.picture, Tensor: s.tensor, Base: base, Values: values, Beside: r.beside.inputs}
	var err error
	if r.feature != "" {
		err = r.byUnit(ctx, m, &in, &p.subject)
	} else {
		in.Targets, err = r.targets(v, m, base)
	}
	if err != nil {
		return err
	}
	if s.over != nil {
		err = sliding.Suits(v)
	}
	if err = cmp.Or(err, visualizers.Suits(v, in.Subject)); err != nil {
		return err
	}
	if err := tellCost(ctx, env, in.Subject, v, values, s); err != nil {
		return err
	}
	line := meter.New(env.Stderr, env.Progress, s.Name+" "+v.Info().ID)
	defer line.Clear()
	start := time.Now()
	result, err := v.Explain(infer.WithProgress(ctx, line.Stage), in, line.Show)
	if err != nil {
		return err
	}
	line.Clear()
	said.tell(s.Item, result.Warnings)
	p.Ran(result, time.Since(start))
	shown := report.Shown{Visualizer: v, Values: values, Note: result.Note, Warnings: result.Warnings, Done: result.Done}
	for _, shown.Map = range result.Maps {
		if err := p.addMap(ctx, shown); err != nil {
			return err
		}
		if err := r.trust.judge(ctx, env, judging{v, m, s, in, result, s.onInput(shown.Map)}, p.Report); err != nil {
			return err
		}
	}
	if p.sheet != nil {
		if err := p.addToSheet(shown, result.Maps); err != nil {
			return err
		}
	}
	return p.addParts(ctx, result.Parts, shown)
}

// units reads --feature: the model seen by the units of a layer, and which of them.
func (r *request) units(m *backend.Model) (of inner.Units, channel int, err error) {
	u, at, err := gradients.ParseUnit(r.feature)
	if err != nil {
		return nil, 0, err
	}
	if i := slices.IndexFunc(m.Layers(), func(l gradients.Layer) bool { return l.Name == u.Layer }); at != nil && i >= 0 {
		if u.Cell, err = m.Layers()[i].Place(at); err != nil {
			return nil, 0, err
		}
	}
	if of, err = inner.OfUnits(m, u.Layer, u.Cell); err != nil {
		return nil, 0, err
	}
	if u.Channel < 0 || u.Channel >= of.Classes() {
		return nil, 0, fmt.Errorf("the layer %s has the channels 0…%d, not %d", u.Layer, of.Classes()-1, u.Channel)
	}
	return of, u.Channel, nil
}

// byUnit makes the unit what is explained: in is about it, and so is what shown
// says beside maps.
func (r *request) byUnit(ctx context.Context, m *backend.Model, in *visualizers.Input, shown *report.Subject) error {
	of, channel, err := r.units(m)
	if err != nil {
		return err
	}
	if in.Subject != visualizers.Subject(m) {
		return errors.New("--feature: the model is moved over the volume, and a feature is that of one block; choose --block slice, center, whole or SLICE,ROW,COLUMN")
	}
	base, err := of.Predict(ctx, []infer.Tensor{in.Tensor})
	if err != nil {
		return err
	}
	in.Subject, in.Base, in.Targets = of, base[0], []score.Target{score.ClassTarget(channel, score.Probability)}
	shown.Model, shown.Scores = of, base[0]
	return nil
}

// targets reads --target and --output for one visualizer and image.
func (r *request) targets(v visualizers.Visualizer, m *backend.Model, base score.Scores) ([]score.Target, error) {
	return score.ParseTarget(r.target, m, base, r.scale(v, m.HasLogits()))
}

// scale is what --output asks for, else what suits the visualizer.
func (r *request) scale(v visualizers.Visualizer, logits bool) score.Score {
	switch {
	case r.score == "logit":
		return score.Logit
	case r.score == "prob" || !logits:
		return score.Probability
	}
	return v.Info().Score
}

// tellCost says on standard error what a run will take that takes long.
func tellCost(ctx context.Context, env Env, m visualizers.Subject, v visualizers.Visualizer, values visualizers.Values, s subject) error {
	p, ok := v.(visualizers.Previewer)
	if !ok {
		return nil
	}
	cost := p.Preview(m, values)
	if cost.Long() && cost.Learn != nil {
		if err := cost.Learn(ctx); err != nil {
			return err
		}
		cost = p.Preview(m, values)
	}
	if cost.Long() {
		fmt.Fprintf(env.Stderr, "picasso: %s: %s: %s\n", visible.Text(s.Said), v.Info().ID, cost)
	}
	return nil
}
