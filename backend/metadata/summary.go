package metadata

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Summary describes a model: what its file says and what was found out about
// its use. In JSON it is what `inspect --json` prints.
type Summary struct {
	Path          string                `json:"path"`
	SHA256        string                `json:"sha256"`
	Bytes         int64                 `json:"bytes"` // 0 when the file is gone
	IRVersion     int64                 `json:"ir_version"`
	Producer      string                `json:"producer"`
	Opsets        map[string]int64      `json:"opsets"`
	Nodes         int                   `json:"nodes"`
	Operators     map[string]int        `json:"operators"` // how often each is used
	Parameters    int64                 `json:"parameters"`
	Inputs        []PortSummary         `json:"inputs"`
	Outputs       []PortSummary         `json:"outputs"`
	Constants     []ConstantSummary     `json:"constants,omitempty"`
	Image         ImageSummary          `json:"image_input"`
	Score         ScoreSummary          `json:"score"`
	Preprocessing preprocess.Preprocess `json:"preprocessing"`
	Labels        int                   `json:"labels"`
	Origins       map[string]string     `json:"origins"`
	Warnings      Warnings              `json:"warnings,omitempty"`
	Doubts        []Doubt               `json:"doubts,omitempty"`
	Gradient      GradientSummary       `json:"gradient"`
}

// PortSummary is an input or output of the file.
type PortSummary struct {
	Name  string   `json:"name"`
	Type  string   `json:"type"`  // of the elements; "sequence" and the like for what is no tensor; "unknown"
	Shape []string `json:"shape"` // a number, a symbol or "?" per axis
	form  string   // type and shape in words
}

// ConstantSummary is an input that takes no picture to explain, and what it
// gets as a sidecar writes it.
type ConstantSummary struct {
	Name  string `json:"name"`
	Form  string `json:"form"`
	Value string `json:"value"`
}

// ImageSummary is the input that takes the picture.
type ImageSummary struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Layout     string `json:"layout"`
	Channels   int    `json:"channels"`
	Depth      int    `json:"depth,omitempty"` // slices of a volume
	Height     int    `json:"height"`
	Width      int    `json:"width"`
	FixedBatch bool   `json:"fixed_batch"`
	OwnSize    bool   `json:"own_size"` // pictures are given in their own size
}

// ScoreSummary is the output that is explained.
type ScoreSummary struct {
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

// GradientSummary says how much of the path from the input to the score can be
// differentiated, before anybody waits.
type GradientSummary struct {
	Nodes          int      `json:"nodes"`
	Differentiable int      `json:"differentiable"`
	Blockers       []string `json:"blockers"`
}

// Summarize describes a model by its graph and its card. Path, SHA-256, bytes
// and gradient are those of the opened model, which adds them.
func Summarize(file *onnx.Model, c *Card) Summary {
	in, o := c.Input, c.Output
	s := Summary{
		IRVersion: file.IRVersion, Producer: file.Producer, Opsets: file.Opsets,
		Nodes: len(file.Graph.Nodes), Operators: map[string]int{},
		Inputs: summarizePorts(file.Graph.Feeds()), Outputs: summarizePorts(file.Graph.Outputs),
		Image: ImageSummary{in.Name, in.Type.String(), in.Order(), in.Channels, in.Depth, in.Height, in.Width, in.FixedBatch, in.OwnSize},
		Score: ScoreSummary{
			o.Name, string(o.Kind), o.Classes, string(o.Activation), o.InGraph, o.LogitTensor,
			o.Dimensions, c.References, o.Origin,
		},
		Preprocessing: c.Preprocess, Labels: len(c.Labels), Origins: c.Origins, Warnings: c.Warnings, Doubts: c.Doubts,
	}
	for _, n := range file.Graph.Nodes {
		name := n.OpType
		if n.Domain != "" {
			name = n.Domain + "." + n.OpType
		}
		s.Operators[name]++
	}
	for _, t := range file.Graph.Initializers {
		s.Parameters += t.Elements()
	}
	for _, n := range c.Constants {
		s.Constants = append(s.Constants, ConstantSummary{n.Name, n.Form, n.Value})
	}
	return s
}

func summarizePorts(values []*onnx.Value) []PortSummary {
	var out []PortSummary
	for _, v := range values {
		p := PortSummary{Name: v.Name, Type: v.Type.String(), Shape: make([]string, len(v.Shape)), form: form(v)}
		if kind := v.Kind(); !v.IsTensor() {
			p.Type = kind
		} else if v.Type == 0 {
			p.Type = "unknown"
		}
		for i, d := range v.Shape {
			p.Shape[i] = length(d)
		}
		out = append(out, p)
	}
	return out
}

// Meaning is what the output's numbers are, in a few words.
func (s ScoreSummary) Meaning() string {
	switch {
	case len(s.References) > 0:
		names := make([]string, len(s.References))
		for i, path := range s.References {
			names[i] = filepath.Base(path)
		}
		return fmt.Sprintf("an embedding of %d numbers, compared with %s", s.Dimensions, strings.Join(names, ", "))
	case s.Dimensions > 0:
		return fmt.Sprintf("an embedding of %d numbers, compared with nothing", s.Dimensions)
	case s.Kind == string(score.Regression):
		return fmt.Sprintf("%d values", s.Classes)
	}
	return fmt.Sprintf("%d classes, %s", s.Classes, s.Activation)
}

// String writes a port as "x: float32 1×3×8×8".
func (p PortSummary) String() string {
	return p.Name + ": " + p.form
}

// Size is channels, height and width in words.
func (i ImageSummary) Size() string {
	if i.OwnSize {
		return fmt.Sprintf("%d channel(s), every picture in its own size", i.Channels)
	}
	if i.Depth > 0 {
		return fmt.Sprintf("volumes of %d×%d×%d×%d", i.Channels, i.Depth, i.Height, i.Width)
	}
	return fmt.Sprintf("%d×%d×%d", i.Channels, i.Height, i.Width)
}

// String tells how many nodes are differentiable.
func (g GradientSummary) String() string {
	switch {
	case g.Nodes == 0 && len(g.Blockers) > 0:
		return "none"
	case g.Nodes == 0:
		return "of the picture itself: the scores are its values"
	}
	return fmt.Sprintf("%d of %d nodes on the path are differentiable", g.Differentiable, g.Nodes)
}

// MadeBy names the program that wrote the file, and in which version of the
// format.
func (s Summary) MadeBy() (program, format string) {
	var sets []string
	for _, domain := range slices.Sorted(maps.Keys(s.Opsets)) {
		sets = append(sets, fmt.Sprintf("%s %d", cmp.Or(domain, "ai.onnx"), s.Opsets[domain]))
	}
	return cmp.Or(s.Producer, "an unknown exporter"), fmt.Sprintf("IR version %d, operator sets %s", s.IRVersion, strings.Join(sets, ", "))
}

// OperatorList lists the operators, the most frequent first.
func (s Summary) OperatorList() string {
	names := slices.SortedFunc(maps.Keys(s.Operators), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.Operators[b], s.Operators[a]), strings.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s ×%d", name, s.Operators[name])
	}
	return strings.Join(names, ", ")
}
