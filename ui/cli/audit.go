package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"picasso/backend"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/ui/cli/meter"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/cases"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/store"
)

// auditing is a parsed `audit` command line.
type auditing struct {
	model    modelFlags
	folder   string // of pictures
	out      string
	method   string
	sets     texts
	class    string
	labels   string
	policy   labels.Policy
	renamed  texts
	masks    string
	shard    string
	shards   int
	resume   bool
	retry    bool
	tolerant bool // failed items do not change the exit code
}

func auditFolder(ctx context.Context, env Env, args []string) error {
	if len(args) > 0 && env.describe == nil {
		switch args[0] {
		case "merge":
			return auditMerge(ctx, env, args[1:])
		case "report":
			return auditReport(ctx, env, args[1:])
		}
	}
	r := &auditing{}
	fs := flags("audit")
	r.declare(fs)
	fs.StringVar(&r.method, "visualizer", "", "the `id` of the method; default: Grad-CAM where the model has gradients, else occlusion with 49 windows")
	fs.Var(&r.sets, "set", "a setting of the method as `key=value`; may be repeated")
	fs.StringVar(&r.class, "class", audit.PredictedName, "the `class` to explain, by its index or name; default: the one that the model says of each picture")
	fs.StringVar(&r.labels, "labels", "", "what is true of the pictures: a `file` (CSV, TSV, COCO, FiftyOne), the folder of a YOLO data set, or “folders” for one folder for each class")
	fs.StringVar(&r.policy.Uncertain, "uncertain", "ignore", "how labels of −1 are `read`: ignore, one or zero")
	fs.StringVar(&r.policy.Blank, "blank", "zero", "how empty labels are `read`: zero or ignore")
	fs.Var(&r.renamed, "class-map", "a label that the model calls otherwise, as `label=class`; may be repeated")
	fs.StringVar(&r.masks, "masks", "", "the `folder` with masks of what pictures show, with the paths of the pictures")
	fs.StringVar(&r.shard, "shard", "", "do only one `part` of the work: I/N, the first is 0, or auto to ask the batch system")
	fs.IntVar(&r.shards, "shards", 0, "of how many parts --shard is one, where the batch system does not say it")
	fs.BoolVar(&r.resume, "resume", false, "go on with the audit in --out, and begin none")
	fs.BoolVar(&r.retry, "retry-errors", false, "try pictures again that failed before")
	fs.BoolVar(&r.tolerant, "failures-ok", false, "end with 0 though some pictures failed, for batch systems that would repeat everything")
	if err := parse(env, fs, args, nil); err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	part, err := store.ParseShard(r.shard, r.shards, env.environment)
	if err != nil {
		return wrong("--shard: %w", err)
	}
	return r.resumable(ctx, r.run(ctx, env, part))
}

func (env Env) environment(name string) string {
	if env.Environment == nil {
		return ""
	}
	return env.Environment(name)
}

// declare adds the flags that audit and merge share.
func (r *auditing) declare(fs *flag.FlagSet) {
	r.model.declareNaming(fs, "class-names")
	fs.StringVar(&r.folder, "image", "", "the `folder` of pictures and scans; a series of a scan counts as one picture")
	fs.StringVar(&r.out, "out", "", "the `folder` of the audit; several processes may fill it")
}

func (r *auditing) check() error {
	if err := r.model.check(); err != nil {
		return err
	}
	switch {
	case r.folder == "":
		return wrong("--image is missing: give a folder of pictures")
	case r.out == "":
		return wrong("--out is missing: give the folder of the audit")
	case folderOf(r.folder) == "":
		return wrong("%s: is no folder; an audit is about many pictures, `picasso explain` about one", picture.Said(r.folder))
	}
	var err error
	if r.policy, err = r.policy.Check(); err != nil {
		return wrong("%w", err)
	}
	return nil
}

// resumable is an error, or that of a command which was told to stop.
func (r *auditing) resumable(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &failure{Interrupted, errors.New("stopped; the same command goes on from there")}
}

// subject is what an audit works with once it is open.
type auditSubject struct {
	model   *backend.Model
	found   cases.Found
	auditor audit.Auditor
	store   *store.Store
	masks   *cases.Masks
}

func (r *auditing) run(ctx context.Context, env Env, part store.Shard) error {
	s, err := r.open(ctx, env)
	if err != nil {
		return err
	}
	defer s.model.Close()
	failed, err := r.pass(ctx, env, s, part)
	if err != nil {
		return err
	}
	if part == store.Whole {
		if err := r.finish(ctx, env, s); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(env.Stdout, "shard %s is done; when all are, `picasso audit merge OUT --model M --image DIR` tells what they found\n", part)
	}
	if failed > 0 && !r.tolerant {
		return someFailed(failed, len(s.store.Items))
	}
	return nil
}

// open finds the pictures, opens the model, and begins the audit or joins it.
func (r *auditing) open(ctx context.Context, env Env) (*auditSubject, error) {
	s := &auditSubject{}
	if r.resume {
		if _, err := store.Open(r.out); err != nil {
			return nil, wrong("%s: %w", picture.Said(r.out), err)
		}
	}
	if err := r.look(ctx, env, s); err != nil {
		return nil, err
	}
	var err error
	if s.model, _, err = r.model.open(ctx, env); err != nil {
		return nil, err
	}
	m, frozen, err := r.manifest(ctx, env, s)
	if err == nil {
		s.store, err = store.Begin(r.out, m, items(s.found), frozen)
		var other *store.MismatchError
		switch {
		case errors.As(err, &other):
			err = wrong("%s: %w", picture.Said(r.out), err)
		case err != nil:
			err = fmt.Errorf("%s: %w", picture.Said(r.out), err)
		case len(s.store.Items) < len(s.found.Cases):
			note(env.Stderr, fmt.Sprintf("%d pictures came after the audit was begun and are no part of it", len(s.found.Cases)-len(s.store.Items)))
		}
	}
	if err != nil {
		s.model.Close()
		return nil, err
	}
	return s, nil
}

// look finds the pictures and the masks.
func (r *auditing) look(ctx context.Context, env Env, s *auditSubject) (err error) {
	if s.found, err = cases.Find(ctx, r.folder); err != nil {
		return wrong("%s: the folder cannot be read: %w", picture.Said(r.folder), bare(err))
	}
	for _, text := range s.found.Notes {
		note(env.Stderr, picture.Said(r.folder)+": "+text)
	}
	if len(s.found.Cases) == 0 {
		return wrong("%s: the folder contains no pictures; choose one that does", picture.Said(r.folder))
	}
	if r.masks == "" {
		return nil
	}
	if s.masks, err = cases.FindMasks(ctx, r.masks); err != nil {
		return wrong("--masks: %w", err)
	}
	if s.masks.Len() == 0 {
		return wrong("--masks: the folder contains no pictures")
	}
	return nil
}

func items(found cases.Found) []store.Item {
	var list []store.Item
	for _, c := range found.Cases {
		list = append(list, c.Item)
	}
	return list
}

// manifest settles the method and the labels: all that rows depend on.
func (r *auditing) manifest(ctx context.Context, env Env, s *auditSubject) (m store.Manifest, frozen []byte, err error) {
	if m.Why, err = r.settle(ctx, env, s); err != nil {
		return m, nil, err
	}
	card := s.model.Known()
	preparation := report.NewPreparation(&card)
	preparation.Origins = nil // where it is known from may differ from machine to machine
	if m.Preparation, err = json.Marshal(preparation); err != nil {
		return m, nil, err
	}
	m.Settings.Model, m.Visualizer, m.Values = s.model.SHA256, s.auditor.Method.Info().ID, visualizers.FormatValues(s.auditor.Method, s.auditor.Values)
	m.Class, m.Score, m.Masks, m.Picasso = audit.PredictedName, s.auditor.Score.String(), s.masks != nil, env.Version
	m.Model.Name = filepath.Base(picture.Said(s.model.Path))
	for k := range s.model.Classes() {
		m.Model.Classes = append(m.Model.Classes, s.model.ClassName(k))
	}
	if s.auditor.Class != audit.Predicted {
		m.Class = s.model.ClassName(s.auditor.Class)
	}
	if r.labels == "" {
		return m, nil, nil
	}
	frozen, m.Settings.Labels, err = r.truth(ctx, env, s, m.Model.Classes)
	return m, frozen, err
}

// settle chooses the method, its settings, and what it explains.
func (r *auditing) settle(ctx context.Context, env Env, s *auditSubject) (why string, err error) {
	a := audit.Auditor{Subject: s.model, Class: audit.Predicted, Score: score.Probability}
	if s.model.HasLogits() {
		a.Score = score.Logit
	}
	pairs := []string(r.sets)
	if r.method != "" {
		if a.Method, err = findMethod(ctx, env, r.method); err != nil {
			return "", wrong("%w", err)
		}
	} else {
		var preset []string
		a.Method, preset, why, err = audit.Choose(s.model, func(id string) (visualizers.Visualizer, bool) {
			v, err := findMethod(ctx, env, id)
			return v, err == nil
		})
		if err != nil {
			return "", err
		}
		pairs = append(preset, pairs...)
		note(env.Stderr, why)
	}
	if q, ok := a.Method.(visualizers.Requirer); ok {
		if err := q.Require(s.model); err != nil {
			return "", wrong("%w", err)
		}
	}
	if a.Values, err = visualizers.ParseValues(a.Method, s.model, pairs); err != nil {
		return "", wrong("%w", err)
	}
	if r.class != audit.PredictedName {
		t, err := score.ParseTarget(r.class, s.model, score.Scores{}, a.Score)
		if err != nil || len(t) != 1 || t[0].Against != score.NoClass {
			return "", wrong("--class %q: give one class of the model, by its index or name", r.class)
		}
		a.Class = t[0].Class
	}
	s.auditor = a
	return why, nil
}

// truth reads the labels and matches them with the pictures.
func (r *auditing) truth(ctx context.Context, env Env, s *auditSubject, names []string) (frozen []byte, sum string, err error) {
	var places [][]string
	var first []string
	for _, c := range s.found.Cases {
		places, first = append(places, c.Places), append(first, c.Places[0])
	}
	renamed := map[string]string{}
	for _, pair := range r.renamed {
		label, class, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, "", wrong("--class-map %q: give label=class", pair)
		}
		renamed[label] = class
	}
	source, err := labels.Read(ctx, r.labels, first, names)
	if err != nil {
		return nil, "", wrong("--labels %s: %w", picture.Said(r.labels), err)
	}
	truth, err := labels.Match(source, places, names, renamed, r.policy)
	if err != nil {
		return nil, "", wrong("--labels %s: %w", picture.Said(r.labels), err)
	}
	c := truth.Counts
	note(env.Stderr, fmt.Sprintf("labels: %s; %d pictures have one, %d have none, %d labels have no picture", source.Form, c.Matched, c.WithoutLabel, c.WithoutItem))
	if len(c.UnknownLabels) > 0 {
		note(env.Stderr, fmt.Sprintf("%d labels are no class of the model: %s", len(c.UnknownLabels), strings.Join(c.UnknownLabels[:min(len(c.UnknownLabels), 8)], ", ")))
	}
	frozen, err = json.Marshal(truth)
	return frozen, source.Sum(r.policy, renamed), err
}

// pass makes the rows of one part; failed counts all that have none.
func (r *auditing) pass(ctx context.Context, env Env, s *auditSubject, part store.Shard) (failed int, err error) {
	line := meter.New(env.Stderr, env.Progress, "audit")
	defer line.Clear()
	p := cases.Pass{
		Auditor: s.auditor, Store: s.store, Cases: s.found.Cases, Masks: s.masks, Ready: s.ready, Reason: reason, RetryErrors: r.retry, Provider: s.model.Provider(),
		Progress: func(p cases.Progress) {
			if p.Reason != "" {
				line.Clear()
				fmt.Fprintln(env.Stderr, "picasso:", imageError{p.Item.Name, p.Reason}.line())
			}
			line.Stage(fmt.Sprintf("%d of %d pictures, %.1f a second, %s left", p.Done, p.Of, p.Rate, p.Left.Round(time.Second)), float64(p.Done)/float64(max(p.Of, 1)))
		},
	}
	if _, err := p.Run(ctx, part); err != nil {
		return 0, fmt.Errorf("%s: %w; the same command goes on from there", picture.Said(r.out), err)
	}
	states, err := s.store.States(ctx)
	for j, state := range states {
		if part.Has(j) && state == store.Failed {
			failed++
		}
	}
	return failed, err
}

// ready is a picture as the model takes it.
func (s *auditSubject) ready(img *picture.Image) (*picture.Image, error) {
	img = s.model.Oriented(img)
	return img, s.model.Fit(img.Height, img.Width)
}
