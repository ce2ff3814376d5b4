package sources

import (
	"path/filepath"
	"slices"
	"strconv"

	"picasso/backend/files"
	"picasso/backend/labelfile"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/textproto"
)

// triton reads the config.pbtxt of Triton Inference Server: the names of input
// and output, the layout, and the label file.
type triton struct{}

func (triton) Find(f *metadata.Facts) error {
	path := f.Near("config.pbtxt")
	if path == "" {
		return nil
	}
	name := filepath.Base(path)
	data, err := files.Read(path, metadata.MaxDocument)
	var config textproto.Message
	if err == nil {
		config, err = textproto.Parse(string(data))
	}
	if err != nil {
		f.Warn("%s %v. It is not used.", name, err)
		return nil
	}
	for _, in := range config.All("input") {
		tritonInput(f, name, in)
	}
	for _, out := range config.All("output") {
		tritonOutput(f, path, out)
	}
	return nil
}

func tritonInput(f *metadata.Facts, file string, in textproto.Field) {
	feeds := f.File.Graph.Feeds()
	named := in.Message.Text("name")
	i := slices.IndexFunc(feeds, func(v *onnx.Value) bool { return v.Name == named })
	if i < 0 {
		f.Warn("%s, line %d: the input %.60q is not in the model, which has %s.", file, in.Line, named, metadata.DescribePorts(feeds))
		return
	}
	origin := file + " (format)"
	switch format := in.Message.Text("format"); format {
	case "", "FORMAT_NONE":
		return
	case "FORMAT_NCHW", "FORMAT_NHWC":
		if f.Take("layout", origin) {
			f.Layout = preprocess.Layout(format[len("FORMAT_"):])
		}
		if f.InputName == "" && len(feeds) > 1 && f.Take("input", origin) {
			f.InputName = named
		}
	default:
		f.Warn("%s, line %d: the format %.40q is not used; allowed: FORMAT_NONE, FORMAT_NCHW, FORMAT_NHWC.", file, in.Line, format)
		return
	}
	tritonSize(f, file, in)
}

// tritonSize reads dims, with or without the batch axis.
func tritonSize(f *metadata.Facts, file string, in textproto.Field) {
	var dims []int
	for _, d := range in.Message.All("dims") {
		n, err := strconv.Atoi(d.Text)
		if err != nil || n < -1 || n == 0 || n > preprocess.MaxSide {
			f.Warn("%s, line %d: the length %.40q is not used; allowed: −1 or 1 to %d.", file, d.Line, d.Text, preprocess.MaxSide)
			return
		}
		dims = append(dims, n)
	}
	if len(dims) == 4 {
		dims = dims[1:]
	}
	if len(dims) != 3 {
		return
	}
	if f.Layout == preprocess.NHWC {
		f.SetSize(dims[0], dims[1], file+" (dims)")
	} else {
		f.SetSize(dims[1], dims[2], file+" (dims)")
	}
}

func tritonOutput(f *metadata.Facts, path string, out textproto.Field) {
	file, named := filepath.Base(path), out.Message.Text("name")
	labels := out.Message.Text("label_filename")
	if labels == "" {
		return
	}
	if !slices.ContainsFunc(f.File.Graph.Outputs, func(v *onnx.Value) bool { return v.Name == named }) {
		f.Warn("%s, line %d: the output %.60q is not in the model, which has %s.", file, out.Line, named, metadata.DescribePorts(f.File.Graph.Outputs))
		return
	}
	if f.OutputName == "" && f.Take("output", file+" (the output with labels)") {
		f.OutputName = named
	}
	if !filepath.IsLocal(labels) {
		f.Warn("%s, line %d: the label file %.60q is not used; allowed: a file in the same folder.", file, out.Line, labels)
		return
	}
	names, err := labelfile.Read(filepath.Join(filepath.Dir(path), labels))
	if err != nil {
		f.Warn("%s, line %d: %v.", file, out.Line, err)
		return
	}
	f.Labels = append(f.Labels, metadata.LabelList{Names: names, Origin: labels + ", named by " + file})
}
