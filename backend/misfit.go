package backend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
)

// misfit says in words why the model does not run on a picture of the size
// that was tried: which node gets tensors that do not fit together, and what to
// do. remedy is taken where the file leaves the size open.
func (m *Model) misfit(ctx context.Context, err error, remedy string) error {
	var run *infer.RunError
	if ctx.Err() != nil || !errors.As(err, &run) {
		return err
	}
	why := m.misfitting(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if why == "" {
		why = "ONNX Runtime says: " + run.Fault
	}
	return &onnx.FileError{
		Path:   m.Path,
		Fault:  fmt.Sprintf("does not run on %s: %s", ofSize(m.Input), why),
		Remedy: remedy, Err: err,
	}
}

// ofSize is what an input takes, in words.
func ofSize(in preprocess.Input) string {
	if in.Depth > 0 {
		return fmt.Sprintf("a volume of %d×%d×%d voxels with %s", in.Depth, in.Height, in.Width, channels(in.Channels))
	}
	return fmt.Sprintf("a picture of %d×%d pixels with %s", in.Width, in.Height, channels(in.Channels))
}

func channels(n int) string {
	if n == 1 {
		return "one channel"
	}
	return fmt.Sprintf("%d channels", n)
}

// sizing is how a size is given to a model that leaves it open.
func sizing(in preprocess.Input) string {
	if in.Depth != 0 {
		return "--size WxHxD, or \"size\": [depth, height, width] in the sidecar"
	}
	return "--size WxH, or \"size\": [height, width] in the sidecar"
}

// sized is how the size of an input is given.
func sized(in preprocess.Input) string {
	if in.Depth > 0 {
		return fmt.Sprintf("--size %dx%dx%d (width, height, depth), or \"size\": [%d, %d, %d] in the sidecar", in.Width, in.Height, in.Depth, in.Depth, in.Height, in.Width)
	}
	return fmt.Sprintf("--size %dx%d, or \"size\": [%d, %d] in the sidecar", in.Width, in.Height, in.Height, in.Width)
}

// misfitSize is [Model.misfit] of a size that the user gave, where open is the input with
// the sides that the file leaves open. Networks that halve their input and put it together
// again run on multiples of a power of two alone: where that is it, it is said.
func (m *Model) misfitSize(ctx context.Context, err error, open preprocess.Input) error {
	tried := m.Input
	fault := m.misfit(ctx, err, "")
	var told *onnx.FileError
	if !errors.As(fault, &told) {
		return fault
	}
	told.Remedy = "Give the size that the model was made for: " + sizing(tried) + "."
	for by := 2; by <= mostHalved; by *= 2 {
		up := func(side, fixed int) int { return metadata.OrElse(max(fixed, 0), (side+by-1)/by*by) }
		m.Input.Height, m.Input.Width = up(tried.Height, open.Height), up(tried.Width, open.Width)
		if tried.Depth > 0 {
			m.Input.Depth = up(tried.Depth, open.Depth)
		}
		if m.Input.Depth == tried.Depth && m.Input.Height == tried.Height && m.Input.Width == tried.Width {
			continue
		}
		if n := float64(m.Input.Rows()) * float64(m.Input.Width) * float64(m.Input.Channels); n > metadata.MaxVoxels {
			break
		}
		if _, err := m.runPattern(ctx); err == nil {
			told.Remedy = fmt.Sprintf("It runs on sides that are multiples of %d: give %s.", by, sized(m.Input))
			break
		}
	}
	m.Input = tried
	return fault
}

// mostHalved is the largest multiple that is tried: of networks that halve their input
// five times.
const mostHalved = 32

// maxMisfit is the size of a file in bytes up to which the node at fault is
// searched, for which the model is opened several times.
const maxMisfit = 256 << 20

// misfitting describes the first node that cannot be computed, "" where it is
// not found.
func (m *Model) misfitting(ctx context.Context) string {
	if info, err := os.Stat(m.Path); err != nil || info.Size() > maxMisfit {
		return ""
	}
	var nodes []*onnx.Node
	for _, n := range m.File.Graph.Nodes {
		sequence := strings.Contains(n.OpType, "Sequence") || n.Is("Optional") || n.OpType == "ZipMap"
		if !sequence && !n.Is("Constant") && n.Output(0) != "" {
			nodes = append(nodes, n)
		}
	}
	var fault error
	at := sort.Search(len(nodes), func(i int) bool {
		_, err := m.computed(ctx, nodes[:i+1])
		if err != nil {
			fault = err
		}
		return err != nil
	})
	var run *infer.RunError
	if at >= len(nodes) || ctx.Err() != nil || !errors.As(fault, &run) { // or what is no tensor of numbers
		return ""
	}
	shapes, err := m.computed(ctx, nodes[:at])
	if err != nil {
		return ""
	}
	shapes[m.Input.Name] = append([]int{max(m.Input.Pictures, 1)}, m.Input.Axes()...)
	n := nodes[at]
	index := m.File.Graph.Index()
	var parts []string
	for _, name := range n.Inputs {
		shape, known := shapes[name]
		if t := index.Constant(name); t != nil {
			if v, err := t.Ints(m.File); err == nil && len(t.Dims) == 1 && len(v) <= mentioned {
				parts = append(parts, fmt.Sprintf("%.80q = %v", name, v))
				continue
			}
			shape, known = nil, true
			for _, d := range t.Dims {
				shape = append(shape, int(d))
			}
		}
		if known && len(shape) > 0 {
			parts = append(parts, fmt.Sprintf("%.80q of shape %s", name, infer.Dimensions(shape)))
		}
	}
	return fmt.Sprintf("the node %s cannot take what it gets, %s", n.Label(), strings.Join(parts, ", "))
}

// mentioned is the number of elements up to which a constant of whole numbers,
// mostly the shape that is asked for, is written out.
const mentioned = 8

// computed runs the model as far as the given nodes and returns the shapes of
// their first outputs.
func (m *Model) computed(ctx context.Context, nodes []*onnx.Node) (map[string][]int, error) {
	shapes := map[string][]int{}
	if len(nodes) == 0 {
		return shapes, nil
	}
	small, folder, err := m.File.Detach()
	if err != nil {
		return nil, err
	}
	small.Graph.Outputs = nil
	var names []string
	for _, n := range nodes {
		names = append(names, n.Output(0))
	}
	if err := small.Graph.Expose(names...); err != nil {
		return nil, err
	}
	small.Graph.Prune()
	data, err := small.Encode()
	if err != nil {
		return nil, err
	}
	s, err := m.opener.Open(ctx, infer.Source{Bytes: data, Folder: folder}, infer.SessionOptions{Provider: infer.CPU, Threads: m.threads})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	in, err := m.Input.Feed([]infer.Tensor{m.Input.Pattern()})
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	inputs := []infer.Tensor{in}
	if !slices.ContainsFunc(s.Inputs(), func(p infer.Port) bool { return p.Name == m.Input.Name }) {
		inputs = nil
	}
	outputs, err := s.Run(limited, inputs)
	if err != nil {
		return nil, err
	}
	for i, t := range outputs {
		shapes[names[i]] = t.Shape
	}
	return shapes, nil
}
