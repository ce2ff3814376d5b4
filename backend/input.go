package backend

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/picture"
)

// DefaultSide is the height and width taken where a model leaves them open and
// nothing else is known.
const DefaultSide = 224

// findInput finds the input that takes the picture: the one that is named, or
// the only one that can. What is given a constant takes none.
func (f *facts) findInput() (InputSpec, error) {
	feeds := f.file.Graph.Feeds()
	if len(feeds) == 0 {
		return InputSpec{}, modelError(f.path, "takes no input", "Choose a model that takes a picture.")
	}
	if f.input != "" {
		for _, v := range feeds {
			if v.Name == f.input {
				return inputSpec(f.file, v, f.layout)
			}
		}
		return InputSpec{}, modelError(f.path, fmt.Sprintf("has no input %q; it has %s", f.input, describe(feeds)), "Name one of these.")
	}
	if len(feeds) == 1 {
		return inputSpec(f.file, feeds[0], f.layout)
	}
	return choosePicture(f.file, feeds, f.layout, f.inputs)
}

// choosePicture takes the only one of several inputs that can be a picture.
func choosePicture(f *onnx.Model, feeds []*onnx.Value, layout Layout, given map[string]givenInput) (InputSpec, error) {
	var found []InputSpec
	for _, v := range feeds {
		s, err := inputSpec(f, v, layout)
		_, known := usualConstant(v)
		if _, has := given[v.Name]; err == nil && !known && !has && len(v.Shape) >= 3 {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		last := feeds[len(feeds)-1]
		err := modelError(f.Path, fmt.Sprintf("takes %d inputs: %s", len(feeds), describe(feeds)),
			fmt.Sprintf("Say in %s which takes the picture and what the others get: {\"input\": %q, \"inputs\": {%q: %s}}; on the command line --input-name %s --input %s=….",
				filepath.Base(SidecarPath(f.Path)), feeds[0].Name, last.Name, exampleFor(f, last), feeds[0].Name, last.Name))
		return InputSpec{}, &InputsError{f.Path, needs(f, feeds, layout), err}
	}
	return found[0], nil
}

// describe lists inputs or outputs with their shapes.
func describe(values []*onnx.Value) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = fmt.Sprintf("%q (%s)", v.Name, form(v))
	}
	return strings.Join(list, ", ")
}

func dims(shape []onnx.Dim) string {
	if shape == nil {
		return "of unknown shape"
	}
	parts := make([]string, len(shape))
	for i, d := range shape {
		switch {
		case d.Size >= 0:
			parts[i] = fmt.Sprint(d.Size)
		case d.Symbol != "":
			parts[i] = d.Symbol
		default:
			parts[i] = "?"
		}
	}
	return strings.Join(parts, "×")
}

func modelError(path, fault, remedy string) error {
	return &onnx.FileError{Path: path, Fault: fault, Remedy: remedy}
}

// inputSpec reads type, layout and size of an input.
func inputSpec(f *onnx.Model, v *onnx.Value, layout Layout) (InputSpec, error) {
	s := InputSpec{Name: v.Name, Type: v.Type, Batched: true, Layout: NCHW}
	if s.Type == 0 {
		s.Type = onnx.Float
	}
	if !s.Type.IsFloat() && s.Type.Size() == 0 || s.Type == onnx.Bool {
		return s, modelError(f.Path, fmt.Sprintf("takes the input %s, which is not a picture", describe([]*onnx.Value{v})), "Choose a model that takes a picture.")
	}
	shape := v.Shape
	switch len(shape) {
	case 0:
		shape = []onnx.Dim{{Size: -1}, {Size: -1}, {Size: -1}, {Size: -1}}
	case 3:
		s.Batched = false
		shape = append([]onnx.Dim{{Size: 1}}, shape...)
	case 4:
	default:
		return s, modelError(f.Path, fmt.Sprintf("takes the input %s, which is not a picture", describe([]*onnx.Value{v})),
			"Pictures have the shape batch×channels×height×width or batch×height×width×channels.")
	}
	if b := shape[0].Size; b > 1 {
		s.pictures = int(b)
	}
	s.FixedBatch = shape[0].Size >= 0
	stem := traceStem(f, v.Name)
	setLayout(&s, stem, shape)
	if layout != "" {
		s.Layout = layout
	}
	return s, setSize(&s, f.Path, shape, stem.channels)
}

// channelAxis is what the ONNX specification calls the axis of the channels.
const channelAxis = "DATA_CHANNEL"

// setLayout tells where the channels are: by what the file calls the axis, by
// the first layers, else by which axis has the length of one.
func setLayout(s *InputSpec, stem stem, shape []onnx.Dim) {
	first, last := shape[1].Size, shape[3].Size
	switch {
	case shape[1].Denotation == channelAxis:
	case shape[3].Denotation == channelAxis:
		s.Layout = NHWC
	case stem.toNCHW, !prepared(first) && prepared(last),
		!prepared(first) && !prepared(last) && few(last) && !few(first),
		!stem.conv && first == 1 && last == 3:
		s.Layout = NHWC
	}
}

// prepared reports a number of channels that pictures can be prepared with,
// few one that looks like channels at all.
func prepared(n int64) bool { return n == 1 || n == 3 }
func few(n int64) bool      { return n > 0 && n <= 4 }

// setSize reads channels, height and width. Lengths that the file leaves open
// stay 0.
func setSize(s *InputSpec, path string, shape []onnx.Dim, channels int) error {
	c, h, w := shape[1].Size, shape[2].Size, shape[3].Size
	if s.Layout == NHWC {
		c, h, w = shape[3].Size, shape[1].Size, shape[2].Size
	}
	if c < 0 {
		c = int64(channels)
	}
	if c > maxChannels {
		return modelError(path, fmt.Sprintf("takes pictures with %d channels (input %q, %s)", c, s.Name, dims(shape)),
			"Pictures are prepared with 1 channel (grey) or 3 (colour): export the model with one of these.")
	}
	if h == 0 || w == 0 || h > maxSide || w > maxSide || max(h, 1)*max(w, 1) > picture.MaxPixels {
		return modelError(path, fmt.Sprintf("takes pictures of %d×%d pixels (input %q)", w, h, s.Name), fmt.Sprintf("Sides from 1 to %d are possible.", maxSide))
	}
	s.Dynamic = h < 0 || w < 0
	s.Channels, s.Height, s.Width = int(c), int(max(h, 0)), int(max(w, 0))
	return nil
}

// maxChannels bounds the channels that a picture is spread over.
const maxChannels = 16

// checkChannels asks for the meaning of channels that no picture has.
func (f *facts) checkChannels(in InputSpec) error {
	n := in.Channels
	if n <= 1 || n == 3 || n == 4 || f.origin["channels"] != "" {
		return nil
	}
	return modelError(f.path, fmt.Sprintf("takes pictures with %d channels (input %q)", n, in.Name),
		fmt.Sprintf("Pictures have 1 channel (grey) or 3 (colour): say in %s what each gets, {\"preprocess\": {\"channels\": [{\"source\": \"grey\"}, …]}}.",
			filepath.Base(SidecarPath(f.path))))
}

// feed joins C×H×W tensors into what the session takes: a batch of pictures in
// the file's layout.
func (s InputSpec) feed(batch []Tensor) (Tensor, error) {
	shape := []int{s.Channels, s.Height, s.Width}
	for i, t := range batch {
		if !slices.Equal(t.Shape, shape) || len(t.Data) != Elements(shape) {
			return Tensor{}, fmt.Errorf("tensor %d of the batch has the shape %v, the model takes %v", i, t.Shape, shape)
		}
	}
	n := len(batch)
	if s.pictures > n {
		n = s.pictures
	}
	out := Tensor{Shape: append([]int{n}, s.axes()...), Data: make([]float32, 0, n*Elements(shape))}
	for i := range n {
		t := batch[min(i, len(batch)-1)] // a fixed batch is filled up with the last picture
		if s.Layout == NHWC {
			out.Data = appendInterleaved(out.Data, t)
		} else {
			out.Data = append(out.Data, t.Data...)
		}
	}
	if !s.Batched {
		out.Shape = out.Shape[1:]
	}
	return out, nil
}

// axes is the shape of one picture in the file's layout.
func (s InputSpec) axes() []int {
	if s.Layout == NHWC {
		return []int{s.Height, s.Width, s.Channels}
	}
	return []int{s.Channels, s.Height, s.Width}
}

// appendInterleaved appends a C×H×W tensor as H×W×C.
func appendInterleaved(dst []float32, t Tensor) []float32 {
	channels, plane := t.Shape[0], t.Shape[1]*t.Shape[2]
	for i := range plane {
		for c := range channels {
			dst = append(dst, t.Data[c*plane+i])
		}
	}
	return dst
}

// Planar turns one picture in the file's layout back into C×H×W, for example a
// gradient.
func (s InputSpec) Planar(data []float32) Tensor {
	out := NewTensor(s.Channels, s.Height, s.Width)
	if s.Layout != NHWC {
		copy(out.Data, data)
		return out
	}
	plane := s.Height * s.Width
	for i := range plane {
		for c := range s.Channels {
			out.Data[c*plane+i] = data[i*s.Channels+c]
		}
	}
	return out
}
