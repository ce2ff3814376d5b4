package sources

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/jsondoc"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
)

// stages are the order in which volumes are prepared, by the transforms that belong
// to each.
var stages = [][]string{
	{"Orientation"},
	{"Spacing"},
	{"ScaleIntensityRange", "ScaleIntensityRangePercentiles", "ScaleIntensity", "NormalizeIntensity"},
	{"CropForeground"},
	{"DivisiblePad"},
	{"SpatialPad", "CenterSpatialCrop", "ResizeWithPadOrCrop", "Resize"},
}

// stageOf is the place of a transform in that order, −1 for others.
func stageOf(kind string) int {
	return slices.IndexFunc(stages, func(kinds []string) bool { return slices.Contains(kinds, kind) })
}

// bundle is the preparation of a bundle for volumes while it is read.
type bundle struct {
	d        *metadata.Document
	channels int
	volume   preprocess.Volume
	origins  []string // of what volume holds
}

// readVolumes goes through the transforms by which a bundle prepares volumes.
// Those that preparation here knows are carried out in full; of the others, and
// where the order is another, it says so.
func readVolumes(d *metadata.Document, channels int) {
	b := &bundle{d: d, channels: channels}
	if list := preparation(d.Root, false); list != nil {
		b.read(list)
	}
	b.window(d.Root)
	if len(b.origins) > 0 {
		d.Facts.SetVolume(b.volume, strings.Join(b.origins, "; "))
	}
}

func (b *bundle) read(list *jsondoc.Node) {
	latest, before := -1, ""
	loaded, oriented := "", false
	for _, n := range list.Items {
		name, line := transform(n)
		if name == "" || line == 0 {
			continue
		}
		kind := strings.TrimSuffix(strings.TrimSuffix(name, "d"), "Dict")
		origin := fmt.Sprintf("%s, line %d (%s)", b.d.Name, n.Line, name)
		if at := stageOf(kind); at >= 0 {
			if at < latest {
				b.d.Facts.Warn("%s comes behind %s; here it is done before, which may give other values.", origin, before)
			}
			latest, before = max(latest, at), name
		}
		switch kind {
		case "LoadImage":
			loaded = origin
		case "Orientation":
			oriented = orient(b.d, n, origin)
		case "Spacing":
			b.spacing(n, origin)
		case "ScaleIntensityRange", "ScaleIntensityRangePercentiles", "ScaleIntensity", "NormalizeIntensity":
			b.intensity(n, kind, origin)
		case "CropForeground":
			b.foreground(n, origin)
		case "DivisiblePad":
			b.divisible(n, origin)
		case "SpatialPad", "CenterSpatialCrop", "ResizeWithPadOrCrop", "Resize":
			b.fit(n, kind, origin)
		default:
			if !slices.Contains(carriedOut, kind) {
				b.d.Facts.Warn("%s is not carried out: volumes reach the model without it.", origin)
			}
		}
	}
	if loaded != "" && !oriented {
		b.d.Facts.Warn("%s gives arrays of x before y before z, in the order of the file, which is not done here: set preprocess.orientation in the sidecar, for example to \"RAS\".", loaded)
	}
}

// numbers reads one number or a list; false, with a warning, for anything else.
func (b *bundle) numbers(n *jsondoc.Node, key, origin string) (v preprocess.Values, ok bool) {
	at := n.At(key)
	if at == nil || at.Decode(&v) != nil || len(v) != 1 && len(v) != 3 {
		b.d.Facts.Warn("%s is not carried out: its %s is no number and no list of three.", origin, key)
		return nil, false
	}
	return v, true
}

func (b *bundle) spacing(n *jsondoc.Node, origin string) {
	v, ok := b.numbers(n, "pixdim", origin)
	if !ok {
		return
	}
	for i := range v { // what is not above 0 keeps the file's
		v[i] = max(v[i], 0)
	}
	b.volume.Spacing = v
	b.origins = append(b.origins, origin)
	if first(n.At("mode")) == "nearest" {
		b.volume.Filter = preprocess.NearestVoxels
	}
	if given(n, "diagonal") {
		b.d.Facts.Warn("%s: diagonal is not carried out; volumes keep their axes.", origin)
	}
}

// first is a text, or the first of a list of texts; "" for anything else.
func first(n *jsondoc.Node) string {
	if n != nil && len(n.Items) > 0 {
		n = n.Items[0]
	}
	var text string
	if n == nil || n.Decode(&text) != nil {
		return ""
	}
	return text
}

// given tells that a switch is on.
func given(n *jsondoc.Node, key string) bool {
	on := false
	at := n.At(key)
	return at != nil && at.Decode(&on) == nil && on
}

func (b *bundle) intensity(n *jsondoc.Node, kind, origin string) {
	readIntensity(b.d, n)
	switch {
	case given(n, "relative"):
		b.d.Facts.Warn("%s: relative is not carried out.", origin)
	case kind == "NormalizeIntensity" && b.channels > 1 && n.At("subtrahend") == nil && !given(n, "channel_wise"):
		b.d.Facts.Warn("%s takes mean and deviation over all channels; here each channel has its own.", origin)
	}
}

func (b *bundle) foreground(n *jsondoc.Node, origin string) {
	for _, key := range []string{"select_fn", "channel_indices", "k_divisible"} {
		if n.At(key) != nil {
			b.d.Facts.Warn("%s: %s is not carried out; the foreground is what is above 0 in any channel.", origin, key)
		}
	}
	f := &preprocess.Foreground{}
	if at := n.At("margin"); at != nil && at.Decode(&f.Margin) != nil {
		b.d.Facts.Warn("%s: its margin is no whole number and is left out.", origin)
	}
	b.volume.Foreground = f
	b.origins = append(b.origins, origin)
}

// divisible takes over a pad to multiples.
func (b *bundle) divisible(n *jsondoc.Node, origin string) {
	v, ok := b.numbers(n, "k", origin)
	if !ok {
		return
	}
	if method := first(n.At("method")); method != "" && method != "symmetric" {
		b.d.Facts.Warn("%s pads at the end; here it pads on both sides.", origin)
	}
	b.volume.Divisible = v
	b.pad(n)
	b.origins = append(b.origins, origin)
}

// pad takes over what stands outside of the volume.
func (b *bundle) pad(n *jsondoc.Node) {
	for _, key := range []string{"value", "constant_values"} {
		if at := n.At(key); at != nil {
			_ = at.Decode(&b.volume.Pad) // what is no number leaves 0
		}
	}
}

// fit takes over pads, crops and resizes to a size.
func (b *bundle) fit(n *jsondoc.Node, kind, origin string) {
	key := "spatial_size"
	if kind == "CenterSpatialCrop" {
		key = "roi_size"
	}
	v, ok := b.numbers(n, key, origin)
	if !ok {
		return
	}
	size := [3]int{}
	for i := range size {
		size[i] = int(v[min(i, len(v)-1)])
	}
	b.d.Facts.SetVolumeSize(size[0], size[1], size[2], origin)
	b.volume.Block = preprocess.CenterBlock
	if kind == "Resize" {
		b.volume.Block = preprocess.WholeBlock
		if mode := first(n.At("mode")); mode != "trilinear" {
			b.d.Facts.Warn("%s resamples by %q; here it is linear.", origin, orElse(mode, "area"))
		}
	}
	b.pad(n)
	b.origins = append(b.origins, origin)
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// window finds the inferer that slides over volumes: its window is the model's input.
func (b *bundle) window(n *jsondoc.Node) {
	for _, item := range n.Items {
		b.window(item)
	}
	for _, key := range n.Keys {
		b.window(n.Fields[key])
	}
	name, _ := transform(n)
	if !strings.HasPrefix(name, "SlidingWindowInferer") {
		return
	}
	origin := fmt.Sprintf("%s, line %d (%s)", b.d.Name, n.Line, name)
	if v, ok := b.numbers(n, "roi_size", origin); ok {
		b.d.Facts.SetVolumeSize(int(v[0]), int(v[len(v)/2]), int(v[len(v)-1]), origin)
		b.d.Facts.Warn("%s moves the model over the whole volume; here it sees one block at a time, around the slice that is looked at.", origin)
	}
}
