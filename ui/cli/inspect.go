package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
)

func inspect(ctx context.Context, env Env, args []string) error {
	var (
		mf     modelFlags
		asJSON bool
		dump   bool
	)
	fs := flags("inspect")
	mf.declare(fs)
	declareMemory(fs, &mf.options.PictureMemory)
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
	fmt.Fprintf(w, "%s\n  %d bytes, sha256 %s\n", r.Path, r.Bytes, r.SHA256)
	program, format := r.MadeBy()
	fmt.Fprintf(w, "  made by %s, %s\n", program, format)
	for _, p := range r.Inputs {
		fmt.Fprintf(w, "input   %s\n", p)
	}
	for _, c := range r.Constants {
		fmt.Fprintf(w, "gets    %s (%s): %s\n", c.Name, c.Form, c.Value)
	}
	for _, p := range r.Outputs {
		fmt.Fprintf(w, "output  %s\n", p)
	}
	i := r.Image
	fmt.Fprintf(w, "image   %s: %s, %s, %s\n", i.Name, i.Size(), i.Layout, i.Type)
	s := r.Score
	fmt.Fprintf(w, "score   %s: %s (%s)\n", s.Output, s.Meaning(), s.Origin)
	if s.LogitTensor != "" {
		fmt.Fprintf(w, "        logits at %s\n", s.LogitTensor)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Origins)) {
		fmt.Fprintf(w, "found   %s: %s\n", key, r.Origins[key])
	}
	fmt.Fprintf(w, "graph   %d nodes, %d parameters: %s\n", r.Nodes, r.Parameters, r.OperatorList())
	fmt.Fprintf(w, "gradient %s\n", r.Gradient)
	for _, b := range r.Gradient.Blockers {
		fmt.Fprintf(w, "        not: %s\n", b)
	}
	for _, n := range r.Warnings {
		fmt.Fprintf(w, "note    %s\n", n.Text)
	}
	for _, d := range r.Doubts {
		fmt.Fprintf(w, "doubt   %s\n", d.Text)
		for _, reading := range d.Readings {
			mark := "or"
			if reading.Taken {
				mark = "taken"
			}
			fmt.Fprintf(w, "        %s: %s: %s\n", mark, reading.Title, settling(reading))
		}
	}
}
