package cli

import (
	"context"
	"io"
	"maps"
	"slices"

	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/ui/cli/named"
)

func inspect(ctx context.Context, env Env, args []string) error {
	var (
		mf     modelFlags
		asJSON bool
		dump   bool
	)
	fs := flags("inspect")
	mf.volumes = true
	mf.declare(fs)
	named.DeclareMemory(fs, &mf.options.PictureMemory)
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	fs.BoolVar(&dump, "dump", false, "print the whole graph node by node")
	if err := parse(env, fs, args, nil); err != nil {
		return err
	}
	if err := mf.check(); err != nil {
		return err
	}
	if dump {
		file, err := onnx.Open(mf.path)
		if err != nil {
			return unusable(err)
		}
		return file.Dump(env.Stdout)
	}
	model, _, err := mf.open(ctx, env)
	if err != nil {
		return err
	}
	defer model.Close()
	r := said(model.Summary())
	if asJSON {
		return printJSON(env.Stdout, r)
	}
	printInspection(env.Stdout, r)
	return nil
}

// said is a description with paths as they may be called: none names a patient.
func said(r metadata.Summary) metadata.Summary {
	r.Path = picture.Said(r.Path)
	r.Score.References = slices.Clone(r.Score.References)
	for i, path := range r.Score.References {
		r.Score.References[i] = picture.Said(path)
	}
	r.Constants = slices.Clone(r.Constants)
	for i, c := range r.Constants {
		r.Constants[i].Value = picture.Said(c.Value)
	}
	return r
}

func printInspection(w io.Writer, r metadata.Summary) {
	printLine(w, "%s", r.Path)
	printLine(w, "  %d bytes, sha256 %s", r.Bytes, r.SHA256)
	program, format := r.MadeBy()
	printLine(w, "  made by %s, %s", program, format)
	for _, p := range r.Inputs {
		printLine(w, "input   %s", p)
	}
	for _, c := range r.Constants {
		printLine(w, "gets    %s (%s): %s", c.Name, c.Form, c.Value)
	}
	for _, p := range r.Outputs {
		printLine(w, "output  %s", p)
	}
	i := r.Image
	printLine(w, "picture %s: %s, %s, %s", i.Name, i.Size(), i.Layout, i.Type)
	s := r.Score
	printLine(w, "score   %s: %s (%s)", s.Output, s.Meaning(), s.Origin)
	if s.LogitTensor != "" {
		printLine(w, "        logits at %s", s.LogitTensor)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Origins)) {
		printLine(w, "found   %s: %s", key, r.Origins[key])
	}
	printLine(w, "graph   %d nodes, %d parameters: %s", r.Nodes, r.Parameters, r.OperatorList())
	printLine(w, "gradient %s", r.Gradient)
	for _, b := range r.Gradient.Blockers {
		printLine(w, "        not: %s", b)
	}
	for _, n := range r.Warnings {
		printLine(w, "note    %s", line(n.Text))
	}
	for _, d := range r.Doubts {
		printLine(w, "doubt   %s", line(d.Text))
		for _, reading := range d.Readings {
			mark := "or"
			if reading.Taken {
				mark = "taken"
			}
			printLine(w, "        %s: %s: %s", mark, reading.Title, settling(reading))
		}
	}
}
