package sources

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/jsondoc"
	"picasso/backend/metadata"
	"picasso/backend/metadata/sources/formula"
	"picasso/backend/preprocess"
)

// monai reads a MONAI bundle: metadata.json for inputs, outputs and classes,
// and the transforms of inference.json for the intensities.
type monai struct{}

func (monai) Find(f *metadata.Facts) error {
	d := f.Document(f.Near("metadata.json"))
	if d == nil || d.Root.At("network_data_format") == nil {
		return nil
	}
	in, err := f.FindInput()
	volumes := err == nil && in.Depth != 0
	config := f.Document(f.Near("inference.json", "evaluate.json"))
	if config != nil {
		config.Root = formula.Resolve(config.Root)
	}
	switch {
	case config == nil:
	case volumes:
		readVolumes(config, in.Channels)
	default:
		readTransforms(config, config.Root)
		readGeometry(config)
	}
	monaiInputs(f, d, in)
	monaiOutputs(d)
	return nil
}

func monaiInputs(f *metadata.Facts, d *metadata.Document, in preprocess.Input) {
	inputs := d.Root.At("network_data_format", "inputs")
	if inputs == nil || inputs.Kind != jsondoc.Object || len(inputs.Keys) == 0 {
		return
	}
	name := inputs.Keys[0]
	for _, v := range f.File.Graph.Feeds() {
		if inputs.At(v.Name) != nil {
			name = v.Name
		}
	}
	keys := []string{"network_data_format", "inputs", name}
	monaiSize(f, d, keys)
	f.SetModality(d.Text(append(slices.Clone(keys), "modality")...), d.Origin("modality"))
	if n := inputs.At(name, "num_channels"); n != nil {
		count := int(d.Number(0, append(slices.Clone(keys), "num_channels")...))
		if in.Channels > 0 && count != in.Channels {
			d.Refuse(n, fmt.Sprintf("%d, like the model's input", in.Channels), append(keys, "num_channels")...)
		}
	}
	if in.Depth != 0 { // the range of a volume says nothing about its raw values
		return
	}
	var limits []float64
	if d.Read(&limits, "[lowest, highest]", append(slices.Clone(keys), "value_range")...) && len(limits) == 2 && limits[0] < limits[1] {
		monaiRange(f, d, limits, d.Text(append(slices.Clone(keys), "format")...))
	}
}

// monaiSize reads spatial_shape, in which "*" and formulas leave a side open: height
// and width, or depth, height and width.
func monaiSize(f *metadata.Facts, d *metadata.Document, keys []string) {
	shape := d.Root.At(append(slices.Clone(keys), "spatial_shape")...)
	if shape == nil {
		return
	}
	sides := make([]int, len(shape.Items))
	for i, item := range shape.Items {
		if item.Decode(&sides[i]) != nil {
			return
		}
	}
	switch origin := d.Origin("spatial_shape"); len(sides) {
	case 2:
		f.SetSize(sides[0], sides[1], origin)
	case 3:
		f.SetVolumeSize(sides[0], sides[1], sides[2], origin)
	}
}

// monaiRange fits 8-bit pictures into the range that the model expects. For
// Hounsfield units that says nothing about the raw values.
func monaiRange(f *metadata.Facts, d *metadata.Document, limits []float64, format string) {
	origin := d.Origin("value_range")
	switch {
	case f.Origin["scale"] != "":
	case strings.EqualFold(format, "hounsfield") && limits[1]-limits[0] < metadata.BigNumber:
		f.Warn("%s states that Hounsfield units are mapped to %g…%g, but not which ones: set preprocess.range or preprocess.window in the sidecar.", d.Name, limits[0], limits[1])
	case strings.EqualFold(format, "hounsfield"):
		f.SetScale([2]float64{1, 0}, origin)
	default:
		f.SetScale([2]float64{(limits[1] - limits[0]) / 255, limits[0]}, origin+": 8-bit pixels are mapped to it")
	}
}

func monaiOutputs(d *metadata.Document) {
	outputs := d.Root.At("network_data_format", "outputs")
	if outputs == nil {
		return
	}
	names := outputs.Keys
	for _, v := range d.Facts.File.Graph.Outputs {
		if outputs.At(v.Name) != nil {
			names = []string{v.Name}
		}
	}
	if len(names) > 0 {
		d.Labels("network_data_format", "outputs", names[0], "channel_def")
	}
}

// readTransforms looks through a configuration for the transforms of intensities.
func readTransforms(d *metadata.Document, n *jsondoc.Node) {
	for _, item := range n.Items {
		readTransforms(d, item)
	}
	for _, key := range n.Keys {
		readTransforms(d, n.Fields[key])
	}
	readIntensity(d, n)
}

// readIntensity takes over one transform of intensities; what is none it leaves.
func readIntensity(d *metadata.Document, n *jsondoc.Node) {
	var t struct {
		Target  string   `json:"_target_"`
		AMin    float64  `json:"a_min"`
		AMax    float64  `json:"a_max"`
		BMin    *float64 `json:"b_min"`
		BMax    *float64 `json:"b_max"`
		MinV    *float64 `json:"minv"`
		MaxV    *float64 `json:"maxv"`
		Lower   float64
		Upper   float64
		Clip    bool
		NonZero bool              `json:"nonzero"`
		Sub     preprocess.Values `json:"subtrahend"`
		Div     preprocess.Values `json:"divisor"`
	}
	target := n.At("_target_")
	if target == nil || target.Kind != jsondoc.String || n.Decode(&t) != nil {
		return
	}
	name := strings.TrimSuffix(t.Target[strings.LastIndex(t.Target, ".")+1:], "d")
	origin := fmt.Sprintf("%s, line %d (%s)", d.Name, n.Line, t.Target)
	low, high := 0.0, 1.0
	if t.BMin != nil && t.BMax != nil {
		low, high = *t.BMin, *t.BMax
	}
	if t.MinV != nil && t.MaxV != nil {
		low, high = *t.MinV, *t.MaxV
	}
	switch {
	case name == "ScaleIntensityRange" && t.AMin != t.AMax:
		d.Facts.SetIntensity(preprocess.Intensity{Range: []float64{t.AMin, t.AMax}}, low, high, t.Clip, origin)
	case name == "ScaleIntensityRangePercentiles" && t.Lower < t.Upper:
		d.Facts.SetIntensity(preprocess.Intensity{Percentile: []float64{t.Lower, t.Upper}}, low, high, t.Clip, origin)
	case name == "ScaleIntensity":
		d.Facts.SetIntensity(preprocess.Intensity{Percentile: []float64{0, 100}}, low, high, false, origin)
	case name == "NormalizeIntensity" && len(t.Sub) > 0 && len(t.Div) > 0:
		d.Facts.SetMean(t.Sub, origin)
		d.Facts.SetStd(t.Div, origin)
		d.Facts.SetScale([2]float64{1, 0}, origin)
	case name == "NormalizeIntensity":
		d.Facts.SetIntensity(preprocess.Intensity{Standard: true, NonZero: t.NonZero}, 0, 1, false, origin)
	}
}
