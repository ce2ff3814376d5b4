package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/auditing"
	"picasso/ui/cli/meter"
	"picasso/ui/cli/named"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/store"
)

// auditFlags are what an `audit` command line says.
type auditFlags struct {
	model         modelFlags
	job           auditing.Job
	sets, renamed texts
	shard         string
	shards        int
	tolerant      bool // failed items do not change the exit code
	incomplete    bool // merge goes on without some rows
	where         texts
}

func auditFolder(ctx context.Context, env Env, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "merge":
			return auditMerge(ctx, env, args[1:])
		case "report":
			return auditReport(ctx, env, args[1:])
		}
	}
	f := &auditFlags{}
	fs := flags("audit")
	f.declare(fs)
	fs.StringVar(&f.job.Method, "visualizer", "", "the `id` of the method; default: Grad-CAM where the model has gradients, else occlusion with 49 windows")
	fs.Var(&f.sets, "set", "a setting of the method as `key=value`; may be repeated")
	fs.StringVar(&f.job.Class, "class", audit.PredictedName, "the `class` to explain, by its index or name; default: the one that the model says of each picture")
	fs.StringVar(&f.job.Labels, "labels", "", "what is true of the pictures: a `file` (CSV, TSV, COCO, FiftyOne), the folder of a YOLO data set, or “folders” for one folder for each class")
	fs.StringVar(&f.job.Policy.Uncertain, "uncertain", "ignore", "how labels of −1 are `read`: ignore, one or zero")
	fs.StringVar(&f.job.Policy.Blank, "blank", "zero", "how empty labels are `read`: zero or ignore")
	fs.Var(&f.renamed, "class-map", "a label that the model calls otherwise, as `label=class`; may be repeated")
	fs.StringVar(&f.job.Masks, "masks", "", "the `folder` with masks of what pictures show, with the paths of the pictures")
	fs.StringVar(&f.shard, "shard", "", "do only one `part` of the work: I/N, the first is 0, or auto to ask the batch system")
	fs.IntVar(&f.shards, "shards", 0, "of how many parts --shard is one, where the batch system does not say it")
	fs.BoolVar(&f.job.Resume, "resume", false, "go on with the audit in --out, and begin none")
	fs.BoolVar(&f.job.Retry, "retry-errors", false, "try pictures again that failed before")
	fs.BoolVar(&f.tolerant, "failures-ok", false, "end with 0 though some pictures failed, for batch systems that would repeat everything")
	if err := parse(env, fs, args, nil); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	part, err := store.ParseShard(f.shard, f.shards, env.variable)
	if err != nil {
		return wrong("--shard: %w", err)
	}
	f.ready(env)
	r, err := f.job.Run(ctx, part)
	return f.ended(ctx, r, err)
}

// variable is one of the environment.
func (env Env) variable(name string) string {
	if env.Environment == nil {
		return ""
	}
	return env.Environment(name)
}

// declare adds the flags that audit and merge share.
func (f *auditFlags) declare(fs *flag.FlagSet) {
	f.model.declareNaming(fs, "class-names")
	fs.StringVar(&f.job.Folder, "image", "", "the `folder` of pictures and scans; a series of a scan counts as one picture")
	fs.StringVar(&f.job.Out, "out", "", "the `folder` of the audit; several processes may fill it")
}

func (f *auditFlags) check() error {
	if err := f.model.check(); err != nil {
		return err
	}
	switch {
	case f.job.Folder == "":
		return wrong("--image is missing: give a folder of pictures")
	case f.job.Out == "":
		return wrong("--out is missing: give the folder of the audit")
	case named.Folder(f.job.Folder) == "":
		return wrong("%s: is no folder; an audit is about many pictures, `picasso explain` about one", picture.Said(f.job.Folder))
	}
	var err error
	if f.job.Policy, err = f.job.Policy.Check(); err != nil {
		return wrong("%w", err)
	}
	return nil
}

// ready gives the job what the command line does for it.
func (f *auditFlags) ready(env Env) {
	f.job.Sets, f.job.Renamed = f.sets, f.renamed
	f.job.Host = auditing.Host{
		Model: func(ctx context.Context) (auditing.Opened, error) {
			f.model.volumes = true // the job refuses them, with the reason
			m, _, err := f.model.open(ctx, env)
			if err != nil {
				return auditing.Opened{}, err
			}
			return auditing.Opened{Model: m, Path: m.Path, SHA256: m.SHA256, Close: func() { m.Close() }}, nil
		},
		Find: func(ctx context.Context, id string) (visualizers.Visualizer, error) { return findMethod(ctx, env, id) },
		Note: func(text string) { note(env.Stderr, text) },
		Failed: func(item, reason string) {
			fmt.Fprintln(env.Stderr, "picasso:", imageError{item, reason}.line())
		},
		Reason: reason, Line: func(label string) auditing.Line {
			return &askedLine{meter.New(env.Stderr, env.Progress, label), env, label}
		},
		Stdout: env.Stdout, Version: env.Version,
	}
}

// askedLine is a line of progress that is also written when somebody asks, wherever
// standard error goes.
type askedLine struct {
	*meter.Meter
	env   Env
	label string
}

// Stage implements [auditing.Line].
func (l *askedLine) Stage(text string, share float64) {
	select {
	case <-l.env.Asked:
		l.Clear()
		fmt.Fprintf(l.env.Stderr, "picasso: %s: %s\n", l.label, visible.Text(text))
	default:
	}
	l.Meter.Stage(text, share)
}

// ended is what became of a job.
func (f *auditFlags) ended(ctx context.Context, r *auditing.Result, err error) error {
	var usage *auditing.UsageError
	switch {
	case ctx.Err() != nil:
		return &failure{Interrupted, errors.New("stopped; the same command goes on from there")}
	case errors.As(err, &usage):
		return wrong("%w", err)
	case err != nil:
		return err
	case r.Failed > 0 && !f.tolerant:
		return someFailed(r.Failed, r.All)
	}
	return nil
}

// auditMerge puts together what all parts of an audit found.
func auditMerge(ctx context.Context, env Env, args []string) error {
	f := &auditFlags{}
	fs := flags("audit merge")
	f.declare(fs)
	fs.BoolVar(&f.incomplete, "allow-missing", false, "go on though some pictures have no row yet")
	if err := f.parseWhere(env, fs, args); err != nil {
		return err
	}
	if f.model.path != "" {
		if err := f.model.check(); err != nil {
			return err
		}
	}
	r, err := f.job.Merge(ctx, f.model.path != "", f.incomplete)
	return f.ended(ctx, r, err)
}

// auditReport writes everything again from what is there.
func auditReport(ctx context.Context, env Env, args []string) error {
	f := &auditFlags{tolerant: true}
	fs := flags("audit report")
	fs.StringVar(&f.job.Folder, "image", "", "the `folder` of the pictures, which the page then shows")
	if err := f.parseWhere(env, fs, args); err != nil {
		return err
	}
	r, err := f.job.Merge(ctx, false, true)
	return f.ended(ctx, r, err)
}

// parseWhere reads flags and the folder of one audit.
func (f *auditFlags) parseWhere(env Env, fs *flag.FlagSet, args []string) error {
	if err := parse(env, fs, args, &f.where); err != nil {
		return err
	}
	if len(f.where) == 1 && f.job.Out == "" {
		f.job.Out = f.where[0]
	} else if len(f.where) > 0 || f.job.Out == "" {
		return wrong("give the folder of one audit")
	}
	f.ready(env)
	return nil
}
