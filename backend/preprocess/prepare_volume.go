package preprocess

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/picture/voxels"
)

// Block is what a model gets of a volume.
type Block struct {
	Tensor infer.Tensor // C×(D·H)×W in model units
	// Axes lead from depth, height and width of the tensor to slices, rows and columns
	// of the volume, in the order of its file.
	Axes   [3]voxels.Axis
	Source [3]int // slices, rows and columns of the volume
	// Lies is where the first pixel of each slice lies among the voxels that Axes count,
	// where the slices make no grid; nil where slice i is voxel i.
	Lies    [][3]float64
	Remarks []string // what was done and left out, in words
	Shared  bool     // it is that of every slice of the volume

	from, of [3]int // where it begins in what the volume is prepared to, and the size of that
}

// PrepareVolume turns the volume that a picture is a slice of into the input of a
// model of volumes. The memory for it is bounded before it is taken. Errors are of
// type *[picture.Error] where the volume is at fault.
func PrepareVolume(ctx context.Context, img *picture.Image, p Preprocess, in Input, limit picture.Options) (Block, error) {
	w, err := PrepareWhole(ctx, img, p, in, limit)
	if err != nil {
		return Block{}, err
	}
	before, _ := img.Span()
	return w.Block(before, nil), nil
}

// Prepared is a volume in a model's units, of which blocks are cut.
type Prepared struct {
	*field
	how Volume
	in  Input

	once sync.Once
	only Block // of all slices, where they have one; made once
}

// PrepareWhole is [PrepareVolume] for several blocks of a volume.
func PrepareWhole(ctx context.Context, img *picture.Image, p Preprocess, in Input, limit picture.Options) (*Prepared, error) {
	if err := p.Check(in.Channels); err != nil {
		return nil, err
	}
	f, err := newField(ctx, img, p, in, limit)
	if err != nil {
		return nil, err
	}
	w := &Prepared{field: f, how: p.Volume.settings(), in: in}
	if w.how.Block == SlideBlock { // no less than one block
		w.in.Depth, w.in.Height, w.in.Width = max(in.Depth, f.size[0]), max(in.Height, f.size[1]), max(in.Width, f.size[2])
		need := 8 * int64(in.Channels) * int64(w.in.Depth) * int64(w.in.Height) * int64(w.in.Width)
		if err := limit.Fits(img.Name, fmt.Sprintf("is a volume of %v voxels for the model", w.in), need); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Block is what the model gets for a slice of the volume. at is the row and column around
// which the block lies, nil for the middle; a preparation that says which block the model
// gets goes before both.
func (w *Prepared) Block(slice int, at []int) Block {
	if !w.how.Follows() {
		w.once.Do(func() {
			w.only = w.field.block(w.how, w.in, slice)
			w.only.Shared = true
		})
		return w.only
	}
	how := w.how
	if len(at) == 2 {
		how.At = []int{slice, at[0], at[1]}
	}
	return w.field.block(how, w.in, slice)
}

// field is a prepared volume before it is fitted into the model's input.
type field struct {
	size     [3]int
	channels [][]float32 // in model units
	axes     [3]voxels.Axis
	source   [3]int
	lies     [][3]float64 // of the source, see [voxels.Grid]
	remarks  []string
}

func newField(ctx context.Context, img *picture.Image, p Preprocess, in Input, limit picture.Options) (*field, error) {
	origins, err := volumesFor(img, p, in)
	if err != nil {
		return nil, err
	}
	f := &field{}
	maps := p.channelsOf(img, in.Channels)
	for c, m := range maps {
		from := img
		if v := origins[c]; v != own {
			if from, err = img.Volume(v); err != nil {
				return nil, err
			}
		}
		if err := f.add(ctx, from, p, m, len(maps), limit); err != nil {
			return nil, err
		}
	}
	if fore := p.Volume.settings().Foreground; fore != nil {
		f.crop(*fore)
	}
	if v := p.Volume.settings(); len(v.Divisible) > 0 {
		if err := f.divide(img, v, limit); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// volumesFor are the volumes of a file that the channels are taken from.
func volumesFor(img *picture.Image, p Preprocess, in Input) ([]int, error) {
	n := in.Channels
	out := make([]int, n)
	have := 1
	if img.Scan != nil {
		have = max(img.Scan.Volumes, 1)
	}
	for c := range out {
		out[c] = own
		switch {
		case c < len(p.Channels) && p.Channels[c].Volume != nil:
			out[c] = *p.Channels[c].Volume
		case n > 1 && have == n:
			out[c] = c
		case n > 1 && len(p.Channels) == 0:
			return nil, NewKeyError("channels", fmt.Sprintf("the model takes %d channels, but the series has %s; open one that has as many, choose a series for each channel (--channels, or Scan → Series for the channels of the model…), or say which volume each gets, [{\"source\": \"grey\", \"volume\": 0}, …]", n, counted(have)))
		}
	}
	return out, nil
}

func counted(volumes int) string {
	if volumes == 1 {
		return "one volume"
	}
	return fmt.Sprintf("%d volumes", volumes)
}

// add reads one channel, brings it to orientation and spacing and its values to
// model units.
func (f *field) add(ctx context.Context, img *picture.Image, p Preprocess, m channelMap, channels int, limit picture.Options) error {
	g, err := voxels.Load(ctx, img, p.Fill, limit)
	if err != nil {
		return err
	}
	v := p.Volume.settings()
	axes, err := g.Along(p.Orientation)
	if err == nil {
		axes, err = g.Spaced(axes, v.spacings())
	}
	if err != nil {
		return &picture.Error{Path: img.Name, Fault: "cannot be prepared: " + err.Error(), Remedy: "choose another file, or another orientation or spacing in the sidecar", Err: err}
	}
	size := [3]int{axes[0].Len, axes[1].Len, axes[2].Len}
	if f.channels != nil && (size != f.size || axes != f.axes) {
		return &picture.Error{Path: img.Name, Fault: fmt.Sprintf("has %d×%d×%d voxels, another channel %d×%d×%d", size[0], size[1], size[2], f.size[0], f.size[1], f.size[2]),
			Remedy: "choose volumes of one size that lie in one place"}
	}
	need := float64(channels+1) * 4 * float64(size[0]) * float64(size[1]) * float64(size[2])
	if err := limit.Fits(img.Name, fmt.Sprintf("makes %d×%d×%d voxels at the spacing of the model", size[0], size[1], size[2]), int64(min(need, math.MaxInt64/4))); err != nil {
		return err
	}
	f.size, f.axes, f.source, f.lies = size, axes, g.Size, g.Lies
	if g.Lies != nil {
		f.source[0] = len(g.Lies)
	}
	out := g
	if axes != g.Whole() {
		out = g.Sample(axes, v.Filter == NearestVoxels)
	}
	for _, text := range out.Remarks {
		if !slices.Contains(f.remarks, text) {
			f.remarks = append(f.remarks, text)
		}
	}
	m.measureGrid(img, out.Values)
	m.apply(out.Values)
	f.channels = append(f.channels, out.Values)
	return nil
}

// spacings are those of the three axes, 0 where the file's is kept.
func (v Volume) spacings() (out [3]float64) {
	for i := range out {
		out[i] = pick(v.Spacing, i, 0)
	}
	return out
}

// measureGrid replaces percentiles, mean and deviation, and depth by those of the
// whole volume.
func (m *channelMap) measureGrid(img *picture.Image, values []float32) {
	switch i := m.intensity; {
	case len(i.Percentile) == 2:
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		m.limits = i.limitsOf(sorted)
	case i.Standard:
		if i.NonZero {
			values = slices.Clone(values)
		}
		m.limits = i.limitsOf(values)
	case i.Depth:
		d := img.Depth()
		m.limits = [2]float64{float64(d[0]), float64(d[1])}
	}
}

// crop cuts the foreground out: the voxels that are above a value in any channel.
func (f *field) crop(fore Foreground) {
	from, to, found := f.size, [3]int{}, false
	for _, values := range f.channels {
		g := voxels.Grid{Size: f.size, Values: values}
		if a, b, ok := g.Inside(float32(fore.Above), fore.Margin); ok {
			found = true
			for k := range from {
				from[k], to[k] = min(from[k], a[k]), max(to[k], b[k])
			}
		}
	}
	if !found {
		f.remarks = append(f.remarks, "no voxel belongs to the foreground, so all of the volume is used")
		return
	}
	var axes [3]voxels.Axis
	for k := range axes {
		axes[k] = voxels.Axis{Of: k, Start: float64(from[k]), Step: 1, Len: to[k] - from[k]}
	}
	f.sample(axes)
}

// divide pads the field to multiples, on both sides and the odd voxel behind, as MONAI's
// DivisiblePad does.
func (f *field) divide(img *picture.Image, v Volume, limit picture.Options) error {
	var from, want [3]int
	for k, n := range f.size {
		by := int(pick(v.Divisible, k, 1))
		want[k] = (n + by - 1) / by * by
		from[k] = -((want[k] - n) / 2)
	}
	if want == f.size {
		return nil
	}
	voxels := int64(want[0]) * int64(want[1]) * int64(want[2])
	if err := limit.Fits(img.Name, fmt.Sprintf("makes %d×%d×%d voxels where its sides are multiples of %v", want[0], want[1], want[2], v.Divisible), 4*voxels*int64(len(f.channels)+1)); err != nil {
		return err
	}
	for c, values := range f.channels {
		out := make([]float32, voxels)
		f.cut(out, values, from, want, float32(v.Pad))
		f.channels[c] = out
	}
	for k, a := range f.axes {
		f.axes[k].Start, f.axes[k].Len = a.At(float64(from[k])), want[k]
	}
	f.size = want
	return nil
}

// sample takes over other axes of the field itself.
func (f *field) sample(axes [3]voxels.Axis) {
	for c, values := range f.channels {
		g := voxels.Grid{Size: f.size, Values: values}
		f.channels[c] = g.Sample(axes, false).Values
	}
	f.axes = f.over(axes)
	f.size = [3]int{axes[0].Len, axes[1].Len, axes[2].Len}
}

// over are axes of the field as axes of its source.
func (f *field) over(axes [3]voxels.Axis) (out [3]voxels.Axis) {
	for k, a := range axes {
		of := f.axes[a.Of]
		out[k] = voxels.Axis{Of: of.Of, Start: of.At(a.Start), Step: of.Step * a.Step, Len: a.Len}
	}
	return out
}

// block fits the field into the model's input, around a slice of the source.
func (f field) block(v Volume, in Input, slice int) Block {
	f.channels = slices.Clone(f.channels)
	want := [3]int{in.Depth, in.Height, in.Width}
	if v.Block == WholeBlock {
		var axes [3]voxels.Axis
		for k := range axes { // the outer edges meet
			step := float64(f.size[k]) / float64(want[k])
			axes[k] = voxels.Axis{Of: k, Start: step/2 - 0.5, Step: step, Len: want[k]}
		}
		f.sample(axes)
	}
	var from [3]int
	for k := range from {
		from[k] = f.begin(v, k, want[k], slice)
	}
	b := Block{Source: f.source, Remarks: slices.Concat(f.remarks, f.told(from, want)), Lies: f.lies, from: from, of: f.size}
	if want == f.size && len(f.channels) == 1 { // all of it, as it is
		b.Tensor = infer.Tensor{Shape: []int{1, in.Rows(), in.Width}, Data: f.channels[0]}
	} else {
		b.Tensor = infer.NewTensor(in.Channels, in.Rows(), in.Width)
		for c, values := range f.channels {
			f.cut(b.Tensor.Slice(c).Data, values, from, want, float32(v.Pad))
		}
	}
	for k := range b.Axes {
		a := f.axes[k]
		b.Axes[k] = voxels.Axis{Of: a.Of, Start: a.At(float64(from[k])), Step: a.Step, Len: want[k]}
	}
	return b
}

// begin is the first voxel of the block along an axis, negative where padding comes
// before the volume, as MONAI pads and crops: in the middle, the odd voxel behind.
func (f *field) begin(v Volume, k, want, slice int) int {
	n := f.size[k]
	if n < want {
		return -((want - n) / 2)
	}
	middle := n / 2
	of := f.axes[k].Of
	place := [3]float64{float64(slice)}
	for i, x := range v.At {
		place[i] = float64(x)
	}
	if len(v.At) == 3 || of == 0 && (v.Block == "" || v.Block == SliceBlock) {
		middle = int(math.Round(f.axes[k].Index(lying(f.lies, place)[of])))
	}
	return min(max(middle-want/2, 0), n-want)
}

// cut copies a block; what lies outside of the field is pad.
func (f *field) cut(dst, src []float32, from, want [3]int, pad float32) {
	i := 0
	for z := range want[0] {
		for y := range want[1] {
			row := dst[i : i+want[2]]
			i += want[2]
			sz, sy := z+from[0], y+from[1]
			lo, hi := min(max(-from[2], 0), want[2]), min(f.size[2]-from[2], want[2])
			if sz < 0 || sy < 0 || sz >= f.size[0] || sy >= f.size[1] {
				lo, hi = 0, 0
			}
			for x := range row {
				row[x] = pad
			}
			if hi > lo {
				copy(row[lo:hi], src[(sz*f.size[1]+sy)*f.size[2]+from[2]+lo:])
			}
		}
	}
}

// told says which part of the volume the model gets, where that is not all.
func (f *field) told(from, want [3]int) (out []string) {
	less, more := false, false
	for k := range from {
		less = less || f.size[k] > want[k]
		more = more || f.size[k] < want[k]
	}
	if less {
		out = append(out, fmt.Sprintf("the model gets a block of %d×%d×%d voxels, from %d, %d, %d, of the %d×%d×%d that the volume has for it",
			want[0], want[1], want[2], max(from[0], 0), max(from[1], 0), max(from[2], 0), f.size[0], f.size[1], f.size[2]))
	}
	if more {
		out = append(out, fmt.Sprintf("the volume of %d×%d×%d voxels does not fill the %d×%d×%d that the model takes; the rest is padding",
			f.size[0], f.size[1], f.size[2], want[0], want[1], want[2]))
	}
	return out
}
