package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"
	"strings"

	"picasso/backend"
	"picasso/backend/onnx"
	"picasso/backend/picture"
)

// inspection is `inspect --json`: what the file says and what was found out.
type inspection struct {
	Path          string                `json:"path"`
	SHA256        string                `json:"sha256"`
	Bytes         int64                 `json:"bytes"`
	IRVersion     int64                 `json:"ir_version"`
	Producer      string                `json:"producer"`
	Opsets        map[string]int64      `json:"opsets"`
	Nodes         int                   `json:"nodes"`
	Operators     map[string]int        `json:"operators"`
	Parameters    int64                 `json:"parameters"`
	Inputs        []portReport          `json:"inputs"`
	Outputs       []portReport          `json:"outputs"`
	Constants     []constantReport      `json:"constants,omitempty"`
	Image         imageInput            `json:"image_input"`
	Score         scoreReport           `json:"score"`
	Preprocessing preprocess.Preprocess `json:"preprocessing"`
	Labels        int                   `json:"labels"`
	Origins       map[string]string     `json:"origins"`
	Warnings      []string              `json:"warnings,omitempty"`
	Gradient      gradientReport        `json:"gradient"`
}

type portReport struct {
	Name  string   `json:"name"`
	Type  string   `json:"type"`
	Shape []string `json:"shape"`
}

// constantReport is an input that takes no picture to explain, and what it gets
// as a sidecar writes it.
type constantReport struct {
	Name  string `json:"name"`
	Form  string `json:"form"`
	Value string `json:"value"`
}

type imageInput struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Layout     string `json:"layout"`
	Channels   int    `json:"channels"`
	Height     int    `json:"height"`
	Width      int    `json:"width"`
	FixedBatch bool   `json:"fixed_batch"`
	OwnSize    bool   `json:"own_size"` // pictures are given in their own size
}

type scoreReport struct {
	Output      string `json:"output"`
	Kind        string `json:"kind"`
	Classes     int    `json:"classes"`
	Activation  string `json:"activation"`
	InGraph     bool   `json:"activation_in_graph"`
	LogitTensor string `json:"logit_tensor"`
	// Dimensions and References belong to an embedding.
	Dimensions int      `json:"dimensions,omitempty"`
	References []string `json:"references,omitempty"`
	Origin     string   `json:"origin"`
}

// gradientReport says how much of the path from the input to the score can be
// differentiated, before anybody waits.
type gradientReport struct {
	Nodes          int      `json:"nodes"`
	Differentiable int      `json:"differentiable"`
	Blockers       []string `json:"blockers"`
}

func inspect(ctx context.Context, env Env, args []string) error {
	var (
		mf     modelFlags
		asJSON bool
		dump   bool
	)
	fs := flags("inspect")
	mf.declare(fs)
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
	r := inspectModel(model)
	if asJSON {
		return printJSON(env.Stdout, r)
	}
	printInspection(env.Stdout, r)
	return nil
}

func inspectModel(m *backend.Model) inspection {
	f := m.File
	r := inspection{
		Path: picture.Said(m.Path), SHA256: m.SHA256,
		IRVersion: f.IRVersion, Producer: f.Producer, Opsets: f.Opsets,
		Nodes: len(f.Graph.Nodes), Operators: map[string]int{},
		Image: imageInput{
			m.Input.Name, m.Input.Type.String(), string(m.Input.Layout),
			m.Input.Channels, m.Input.Height, m.Input.Width, m.Input.FixedBatch, m.Input.OwnSize,
		},
		Score: scoreReport{
			m.Output.Name, string(m.Output.Kind), m.Output.Classes, string(m.Output.Activation),
			m.Output.InGraph, m.Output.LogitTensor, m.Output.Dimensions, saidPaths(m.References), m.Output.Origin,
		},
		Preprocessing: m.Preprocess, Labels: len(m.Labels), Origins: m.Origins, Warnings: m.Warnings,
	}
	if info, err := os.Stat(m.Path); err == nil {
		r.Bytes = info.Size()
	}
	for _, n := range f.Graph.Nodes {
		r.Operators[operator(n)]++
	}
	for _, t := range f.Graph.Initializers {
		r.Parameters += t.Elements()
	}
	for _, v := range f.Graph.Feeds() {
		r.Inputs = append(r.Inputs, describePort(v))
	}
	for _, c := range m.Constants {
		r.Constants = append(r.Constants, constantReport{c.Name, c.Form, picture.Said(c.Value)})
	}
	for _, v := range f.Graph.Outputs {
		r.Outputs = append(r.Outputs, describePort(v))
	}
	r.Gradient = gradientOf(m)
	return r
}

// saidPaths are paths as they may be called.
func saidPaths(paths []string) []string {
	out := slices.Clone(paths)
	for i, p := range out {
		out[i] = picture.Said(p)
	}
	return out
}

func gradientOf(m *backend.Model) gradientReport {
	r := gradientReport{Blockers: []string{}}
	c, err := m.GradientCoverage()
	if err != nil {
		r.Blockers = append(r.Blockers, oneLine(err))
		return r
	}
	r.Nodes, r.Differentiable = c.Total, c.Differentiable
	if c.Total == 0 {
		if err := m.CheckGradient(); err != nil {
			r.Blockers = append(r.Blockers, oneLine(err))
		}
	}
	for _, b := range c.Blockers {
		r.Blockers = append(r.Blockers, oneLine(&b))
	}
	return r
}

func operator(n *onnx.Node) string {
	if n.Domain == "" {
		return n.OpType
	}
	return n.Domain + "." + n.OpType
}

func describePort(v *onnx.Value) portReport {
	p := portReport{Name: v.Name, Type: v.Type.String(), Shape: []string{}}
	for _, d := range v.Shape {
		switch {
		case d.Size >= 0:
			p.Shape = append(p.Shape, fmt.Sprint(d.Size))
		case d.Symbol != "":
			p.Shape = append(p.Shape, d.Symbol)
		default:
			p.Shape = append(p.Shape, "?")
		}
	}
	return p
}

func printInspection(w io.Writer, r inspection) {
	fmt.Fprintf(w, "%s\n  %d bytes, sha256 %s\n", r.Path, r.Bytes, r.SHA256)
	fmt.Fprintf(w, "  made by %s, IR version %d, opsets %s\n", orNone(r.Producer), r.IRVersion, opsets(r.Opsets))
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
	size := fmt.Sprintf("%d×%d×%d", i.Channels, i.Height, i.Width)
	if i.OwnSize {
		size = fmt.Sprintf("%d channel(s), every picture in its own size", i.Channels)
	}
	fmt.Fprintf(w, "image   %s: %s, %s, %s\n", i.Name, size, i.Layout, i.Type)
	s := r.Score
	fmt.Fprintf(w, "score   %s: %s (%s)\n", s.Output, s.meaning(), s.Origin)
	if s.LogitTensor != "" {
		fmt.Fprintf(w, "        logits at %s\n", s.LogitTensor)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Origins)) {
		fmt.Fprintf(w, "found   %s: %s\n", key, r.Origins[key])
	}
	fmt.Fprintf(w, "graph   %d nodes, %d parameters: %s\n", r.Nodes, r.Parameters, operators(r.Operators))
	g := r.Gradient
	switch {
	case g.Nodes > 0:
		fmt.Fprintf(w, "gradient %d of %d nodes on the path are differentiable\n", g.Differentiable, g.Nodes)
	case len(g.Blockers) > 0:
		fmt.Fprintln(w, "gradient none")
	default:
		fmt.Fprintln(w, "gradient of the picture itself: the scores are its values")
	}
	for _, b := range g.Blockers {
		fmt.Fprintf(w, "        not: %s\n", b)
	}
	for _, n := range r.Warnings {
		fmt.Fprintf(w, "note    %s\n", n)
	}
}

// meaning is what the output's numbers are.
func (s scoreReport) meaning() string {
	switch {
	case len(s.References) > 0:
		return fmt.Sprintf("an embedding of %d numbers, compared with %s", s.Dimensions, strings.Join(s.References, ", "))
	case s.Dimensions > 0:
		return fmt.Sprintf("an embedding of %d numbers, compared with nothing", s.Dimensions)
	case s.Kind == string(score.Regression):
		return fmt.Sprintf("%d values", s.Classes)
	}
	return fmt.Sprintf("%d classes, %s", s.Classes, s.Activation)
}

func (p portReport) String() string {
	return fmt.Sprintf("%s: %s [%s]", p.Name, p.Type, strings.Join(p.Shape, " "))
}

func opsets(m map[string]int64) string {
	var out []string
	for _, domain := range slices.Sorted(maps.Keys(m)) {
		name := domain
		if name == "" {
			name = "ai.onnx"
		}
		out = append(out, fmt.Sprintf("%s %d", name, m[domain]))
	}
	return strings.Join(out, ", ")
}

func operators(m map[string]int) string {
	var out []string
	for _, op := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s×%d", op, m[op]))
	}
	return strings.Join(out, " ")
}

func orNone(s string) string {
	if s == "" {
		return "an unknown exporter"
	}
	return s
}
