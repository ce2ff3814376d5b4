package insight

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/opened"
	"picasso/ui/report"
	"picasso/ui/uitest"
	"picasso/visualizers"
	"picasso/visualizers/layers"
	_ "picasso/visualizers/methods"
)

// desk is the state of the workspace on a real model.
type desk struct {
	*Controller
	t     testing.TB
	q     *uitest.Queue
	c     *control.Controller
	model string
}

// newDesk opens a model and n pictures of shapes and looks inside.
func newDesk(t testing.TB, model string, n int) *desk {
	t.Helper()
	d := &desk{t: t, q: uitest.NewQueue(), model: model}
	runtime := orttest.Runtime(t)
	d.c = control.New(control.Params{
		Open: opened.With(runtime, backend.ModelOptions{Provider: infer.CPU}), Do: d.q.Do, Delay: time.Millisecond,
		Visualizers: visualizers.All(),
	})
	t.Cleanup(d.c.Close)
	d.Controller = New(d.c)
	d.c.SetWorkspace(control.Inside)
	files := []string{model}
	dir := t.TempDir()
	for i := range n {
		files = append(files, shape(t, dir, i))
	}
	d.c.Drop(files)
	if n > 0 {
		d.until("the channels of the layer", func() bool { return d.Current() && !d.state.Working })
	}
	return d
}

func (d *desk) until(what string, done func() bool) {
	d.t.Helper()
	d.q.Until(d.t, what, done)
}

// shape writes a picture of 48×48 pixels with a square that is the larger the
// larger i is.
func shape(t testing.TB, dir string, i int) string {
	m := image.NewRGBA(image.Rect(0, 0, 48, 48))
	for p := range 48 * 48 {
		x, y := p%48, p/48
		c := color.RGBA{40, 60, 80, 255}
		if max(x, y) < 10+8*i {
			c = color.RGBA{220, uint8(30 * i), 40, 255}
		}
		m.SetRGBA(x, y, c)
	}
	path := filepath.Join(dir, fmt.Sprintf("shape%d.png", i))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func shapes(t testing.TB) string {
	return filepath.Join(fixtures.Path(t, "public"), "shapes_trained", "model.onnx")
}

// alone runs the model's own graph with one more output, without anything of ours
// but the decoder of the file.
func alone(t *testing.T, path, tensor string, x infer.Tensor) infer.Tensor {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	m.Graph.Outputs = []*onnx.Value{{Name: tensor, Type: onnx.Float}}
	if data, err = m.Encode(); err != nil {
		t.Fatal(err)
	}
	s, err := orttest.Runtime(t).Open(t.Context(), infer.Source{Bytes: data}, infer.SessionOptions{Provider: infer.CPU})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out, err := s.Run(t.Context(), []infer.Tensor{{Shape: append([]int{1}, x.Shape...), Data: x.Data}})
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

// The channels that are shown are what the runtime itself gives, to the last bit,
// in the order that their means, largest values and numbers have.
func TestChannelsAreTheRuntimesOwn(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	for range 3 {
		s := d.state.Sheet
		want := alone(t, d.model, s.Layer.Name, s.Look.Input)
		if !slices.Equal(s.Values.Data, want.Data) || !slices.Equal(want.Shape[1:], s.Values.Shape) {
			t.Fatalf("%s: %v values of %v are not those of the runtime, %v", s.Layer.Name, len(s.Values.Data), s.Values.Shape, want.Shape)
		}
		plane := want.Shape[2] * want.Shape[3]
		mean := func(c int) (sum float64) {
			for _, v := range want.Data[c*plane : (c+1)*plane] {
				sum += float64(v)
			}
			return sum / float64(plane)
		}
		most := func(c int) float64 { return float64(slices.Max(want.Data[c*plane : (c+1)*plane])) }
		for by, of := range map[layers.Order]func(int) float64{layers.ByMean: mean, layers.ByMax: most, layers.ByIndex: func(c int) float64 { return -float64(c) }} {
			d.SetOrder(by)
			sorted := make([]int, want.Shape[1])
			for i := range sorted {
				sorted[i] = i
			}
			slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(of(b), of(a)) })
			if !slices.Equal(d.state.Sorted, sorted) {
				t.Errorf("%s by %s: %v, want %v", s.Layer.Name, by, d.state.Sorted, sorted)
			}
		}
		d.StepLayer(-1)
		d.until("the layer before", func() bool { return d.Current() && !d.state.Working })
	}
}

// Channels that the model holds last, and tokens, come as pictures of the same
// numbers: behind the tokens that stand for no place, row by row.
func TestChannelsLastAndTokensArePictures(t *testing.T) {
	for name, axes := range map[string]string{"convnext_ln_parts": "N,h,w,C", "vit_unbind": "N,tokens,C"} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, filepath.Join(fixtures.Path(t, "public"), name, "model.onnx"), 1)
			at := slices.IndexFunc(d.state.Graph.Rows, func(r Row) bool {
				_, ok := d.state.Graph.Layer(r.Name)
				return ok && r.Axes == axes
			})
			if at < 0 {
				for _, r := range d.state.Graph.Rows {
					t.Log(r.Name, r.Axes)
				}
				t.Fatalf("no layer has the axes %s", axes)
			}
			d.Choose(d.state.Graph.Rows[at].Name)
			d.until("the layer", func() bool { return d.Current() && !d.state.Working })
			s := d.state.Sheet
			want := alone(t, d.model, s.Layer.Name, s.Look.Input)
			cells, channels := s.Layer.Height*s.Layer.Width, s.Layer.Channels
			extra := len(want.Data)/channels - cells
			if want.Shape[len(want.Shape)-1] != channels || extra < 0 {
				t.Fatalf("%s is %v, not with the channels last", s.Layer.Name, want.Shape)
			}
			for i := range cells {
				for c := range channels {
					if got, raw := s.Values.Data[c*cells+i], want.Data[(extra+i)*channels+c]; got != raw {
						t.Fatalf("channel %d of cell %d is %g, want %g", c, i, got, raw)
					}
				}
			}
		})
	}
}

// Contributions sum to gradient × activation of the layer, and sort its channels.
func TestContributionsSumToGradientTimesActivation(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	d.SetOrder(layers.ByContribution)
	d.until("contributions", func() bool { return d.Current() && d.state.Sheet.Target != nil })
	s := d.state.Sheet
	if s.Lack != nil {
		t.Fatal(s.Lack)
	}
	_, gradients, err := d.differentiable().LayerGradient(t.Context(), s.Layer.Name, s.Look.Input, []score.Target{*s.Target})
	if err != nil {
		t.Fatal(err)
	}
	want, got := 0.0, 0.0
	for i, g := range gradients[0].Data {
		want += float64(g) * float64(s.Values.Data[i])
	}
	for _, c := range s.Channels {
		got += c.Contribution
	}
	if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) || want == 0 {
		t.Errorf("contributions sum to %g, want %g", got, want)
	}
	last := math.Inf(1)
	for _, c := range d.state.Sorted {
		if s.Channels[c].Contribution > last {
			t.Fatalf("%v is not sorted by contribution", d.state.Sorted)
		}
		last = s.Channels[c].Contribution
	}
}

// differentiable is the open model with its gradients.
func (d *desk) differentiable() visualizers.LayerDifferentiable {
	return d.c.State().Model.(visualizers.LayerDifferentiable)
}

// Another picture brings other channels, and the ones of the former picture are
// not taken for its own until then.
func TestChannelsFollowThePicture(t *testing.T) {
	d := newDesk(t, shapes(t), 2)
	first := d.state.Sheet
	d.c.Step(1 - 2*d.c.State().Current)
	if d.Current() && d.c.State().Look != first.Look {
		t.Error("the channels of the picture before count as those of this one")
	}
	d.until("the channels of the other picture", func() bool { return d.Current() && d.state.Sheet != first })
	if slices.Equal(d.state.Sheet.Values.Data, first.Values.Data) {
		t.Error("both pictures have the same activations")
	}
	d.until("the means of the other picture", func() bool { return d.Shows(d.state.Means.Of) })
	for i, r := range d.state.Graph.Rows {
		if r.Name != d.state.Layer {
			continue
		}
		sum := 0.0
		for _, v := range d.state.Sheet.Values.Data {
			sum += float64(v)
		}
		if mean := sum / float64(len(d.state.Sheet.Values.Data)); math.Abs(d.state.Means.Rows[i]-mean) > 1e-5*(1+math.Abs(mean)) {
			t.Errorf("mean of %s: %g, want %g", r.Name, d.state.Means.Rows[i], mean)
		}
	}
}

// What has no rows and columns is refused in words.
func TestLayersWithoutPlacesAreToldInWords(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	at := slices.IndexFunc(d.state.Graph.Rows, func(r Row) bool { _, ok := d.state.Graph.Layer(r.Name); return !ok })
	if at < 0 {
		t.Fatal("every row is a map")
	}
	d.Choose(d.state.Graph.Rows[at].Name)
	if err := d.state.SheetErr; err == nil || !strings.Contains(err.Error(), "no rows and columns") || d.state.Sheet != nil {
		t.Errorf("said %v, with %v", err, d.state.Sheet)
	}
}

// The list of lines is narrowed by what is typed, and a row opens into its nodes.
func TestLinesAreNarrowedAndOpened(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	all := len(d.state.Lines)
	d.Expand(0)
	if got := len(d.state.Lines); got != all+len(d.state.Graph.Rows[0].Nodes) {
		t.Errorf("%d lines after a row of %d nodes was opened, %d before", got, len(d.state.Graph.Rows[0].Nodes), all)
	}
	d.Narrow("GEMM")
	for _, l := range d.state.Lines {
		if l.Row >= 0 && !strings.Contains(strings.Join(d.state.Graph.Rows[l.Row].Operators, " "), "Gemm") {
			t.Errorf("%+v is no Gemm", d.state.Graph.Rows[l.Row].Operators)
		}
	}
	if len(d.state.Lines) == 0 || len(d.state.Lines) >= all {
		t.Errorf("%d lines of %d", len(d.state.Lines), all)
	}
}

// What drives a unit by its gradient is the gradient of the unit.
func TestGradientOfAUnitIsTheUnitsOwn(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	d.ChooseUnit(d.state.Sorted[0])
	d.ChooseCell(&[2]int{d.state.Sheet.Layer.Height / 2, d.state.Sheet.Layer.Width / 2})
	d.SetMethod("saliency")
	d.until("the gradient", func() bool { return d.state.Drive != nil && d.state.Drive.Done == 1 || d.state.Drive.Err != nil })
	if d.state.Drive.Err != nil {
		t.Fatal(d.state.Drive.Err)
	}
	u := visualizers.Unit{Layer: d.state.Layer, Channel: d.state.Unit.Channel, Cell: d.state.Unit.Cell}
	g, err := d.differentiable().(visualizers.UnitDifferentiable).UnitGradient(t.Context(), score.ExactRectifier, []infer.Tensor{d.state.Sheet.Look.Input}, []visualizers.Unit{u})
	if err != nil {
		t.Fatal(err)
	}
	m, n := d.state.Drive.Map, len(d.state.Drive.Map.Values)
	seen := false
	for i, v := range m.Values {
		want := float32(0)
		for c := 0; c < len(g[0][0].Data)/n; c++ {
			want = max(want, float32(math.Abs(float64(g[0][0].Data[c*n+i]))))
		}
		if math.Abs(float64(v-want)) > 1e-6*(1+float64(want)) {
			t.Fatalf("value %d is %g, want the largest magnitude %g", i, v, want)
		}
		seen = seen || want > 0
	}
	if !seen {
		t.Error("the gradient is zero everywhere")
	}
	field := d.state.Graph.Field(d.state.Layer, 0, u.Cell[0], u.Cell[1])
	for i, v := range m.Values {
		y, x := i/m.Width, i%m.Width
		if v != 0 && (y < field.Rows.Lo || y >= field.Rows.Hi || x < field.Columns.Lo || x >= field.Columns.Hi) {
			t.Fatalf("the cell is driven from %d, %d, outside of what it sees, %v", y, x, field)
		}
	}
}

// The strongest pictures of a unit are those where its largest activation is
// largest, whatever order the list has; another unit needs no run.
func TestStrongestPicturesAreFound(t *testing.T) {
	d := newDesk(t, shapes(t), 4)
	check := func() {
		t.Helper()
		d.until("the strongest pictures", func() bool { return !d.state.Search.Running && len(d.state.Search.Crops) > 0 })
		channel := d.state.Unit.Channel
		var want []float64
		for _, p := range d.c.State().Images {
			_, x, err := p.Reader()(d.c.State().Model)
			if err != nil {
				t.Fatal(err)
			}
			a, err := d.differentiable().Activations(t.Context(), d.state.Layer, []infer.Tensor{x})
			if err != nil {
				t.Fatal(err)
			}
			n := a[0].Shape[1] * a[0].Shape[2]
			want = append(want, float64(slices.Max(a[0].Data[channel*n:(channel+1)*n])))
		}
		slices.SortFunc(want, func(a, b float64) int { return cmp.Compare(b, a) })
		var got []float64
		for _, c := range d.state.Search.Crops {
			got = append(got, c.Value)
			if c.Image == nil || c.Image.Rect.Empty() {
				t.Error("nothing was cut out")
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("channel %d: %v, want %v", channel, got, want)
		}
	}
	d.SearchPictures()
	check()
	d.StepUnit(3)
	check()
}

// A drawing shows itself step by step, says what it is, and the same seed draws
// the same picture; stopped, it stays as it is and says so.
func TestDrawingsCanBeStoppedAndRepeated(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	d.SetWish(Wish{Method: "simonyan", Steps: 16, Seed: 3})
	draw := func() *visualizers.Picture {
		t.Helper()
		d.Draw(OfClass)
		d.until("the drawing", func() bool { return !d.state.Drawings[OfClass].Running })
		if err := d.state.Drawings[OfClass].Err; err != nil {
			t.Fatal(err)
		}
		return d.state.Drawings[OfClass].Picture
	}
	first, again := draw(), draw()
	if !slices.Equal(first.Values, again.Values) {
		t.Error("the same seed draws another picture")
	}
	said := d.state.Drawings[OfClass].Caption
	if name := d.c.State().Model.ClassName(d.c.State().Target.Class); !strings.Contains(said, "would draw for "+name) || !strings.Contains(said, "not a picture of") {
		t.Errorf("said %q", said)
	}
	d.SetWish(Wish{Method: "fourier", Steps: 1024})
	d.Draw(OfUnit)
	d.until("a first sight", func() bool { return d.state.Drawings[OfUnit].Picture != nil })
	d.c.Stop()
	if one := d.state.Drawings[OfUnit]; one.Running || !one.Partial || one.Picture == nil {
		t.Errorf("after the stop: running %v, partial %v", one.Running, one.Partial)
	}
	path := filepath.Join(t.TempDir(), "drawn.png")
	d.Save(OfClass, path)
	d.until("the file", func() bool { return d.c.State().Notice != nil && strings.Contains(d.c.State().Notice.Text, "Saved") })
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := png.Decode(f); err != nil || m.Bounds().Dx() != first.Width {
		t.Errorf("saved %v: %v", m.Bounds(), err)
	}
}

// Once what the network would draw is looked at, the model's gradient is opened, and
// nothing is drawn before the user asks; no longer looked at, the work ends.
func TestDrawingIsPreparedOnceItIsLookedAt(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	if d.prepared || d.preparing.Running() {
		t.Fatal("a gradient is opened that nobody may want")
	}
	d.ShowDrawings(true)
	d.ShowDrawings(false)
	if d.preparing.Running() {
		t.Error("it goes on though nobody looks at it")
	}
	d.c.SetWorkspace(control.Explain)
	d.ShowDrawings(true)
	if d.preparing.Running() {
		t.Error("it begins in another workspace")
	}
	d.c.SetWorkspace(control.Inside)
	d.until("the gradient is open", func() bool { return d.prepared })
	if d.state.Drawings != [2]Drawing{} {
		t.Errorf("drawn unasked: %+v", d.state.Drawings)
	}
	d.c.Drop([]string{d.model})
	d.until("the model is opened anew, and its gradient", func() bool { return d.c.State().Opening == nil && d.Current() && d.prepared })
}

// darkened is an alteration: a picture whose upper half the model takes as 0.
type darkened struct{}

func (darkened) Input(_ control.Model, k *control.Look) (infer.Tensor, report.Covered, error) {
	x := k.Input.Clone()
	plane := x.Shape[1] * x.Shape[2]
	for c := range x.Shape[0] {
		clear(x.Data[c*plane : c*plane+plane/2])
	}
	return x, report.Covered{Fill: "0", Share: 0.5}, nil
}

// What was covered by hand is what the channels, their means and the unit are of, from
// the moment it is used and until the whole picture is.
func TestChannelsAreOfTheCoveredPicture(t *testing.T) {
	d := newDesk(t, shapes(t), 1)
	whole := d.state.Sheet
	check := func(what string, differs bool) {
		t.Helper()
		d.until(what, func() bool {
			k := d.c.State().Look
			return (k.Covered != nil) == differs && d.Current() && !d.state.Working && d.state.Means.Of == k
		})
		s := d.state.Sheet
		if want := alone(t, d.model, s.Layer.Name, d.c.State().Look.Input); !slices.Equal(s.Values.Data, want.Data) {
			t.Errorf("%s: the channels are not those of what the model is asked", what)
		}
		if slices.Equal(s.Values.Data, whole.Values.Data) == differs {
			t.Errorf("%s: the channels are another picture's", what)
		}
	}
	d.c.Alter("Use the covered picture", darkened{})
	check("covered", true)
	d.c.Alter("Use the whole picture", nil)
	check("whole again", false)
}

// A model of which nothing is known but its answers says so.
func TestModelsWithoutGraphAreToldInWords(t *testing.T) {
	d := uitest.NewControl(t)
	in := New(d.C)
	d.C.SetWorkspace(control.Inside)
	d.C.Drop([]string{d.Write("m.onnx"), d.Picture("a.png", 200)})
	d.Q.Until(t, "words", func() bool { return in.state.GraphErr != nil })
	if in.state.Graph != nil || in.state.Sheet != nil {
		t.Errorf("there are %v and %v", in.state.Graph, in.state.Sheet)
	}
}

// From a layer to the next of SqueezeNet, with the channels sorted and shown.
func BenchmarkLayerChange(b *testing.B) {
	d := newDesk(b, filepath.Join(fixtures.Path(b, "models", "imagenet"), "squeezenet1.1_rgbnorm_227.onnx"), 1)
	step := -1
	for b.Loop() {
		before := d.state.Layer
		if d.StepLayer(step); d.state.Layer == before {
			step = -step
			d.StepLayer(step)
		}
		d.until("the layer", func() bool { return d.Current() && !d.state.Working })
	}
}

// From the wish to the first sight of a class picture of SqueezeNet, of a model that
// was just opened: with nothing prepared, and after its gradient was opened ahead.
func BenchmarkFirstSight(b *testing.B) {
	for _, ahead := range []bool{false, true} {
		b.Run(fmt.Sprint("ahead=", ahead), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := newDesk(b, filepath.Join(fixtures.Path(b, "models", "imagenet"), "squeezenet1.1_rgbnorm_227.onnx"), 1)
				if ahead {
					d.ShowDrawings(true)
					d.until("the gradient is open", func() bool { return d.prepared })
				}
				b.StartTimer()
				d.Draw(OfClass)
				d.until("a first sight", func() bool { return d.state.Drawings[OfClass].Picture != nil })
				b.StopTimer()
				d.c.Close()
				b.StartTimer()
			}
		})
	}
}
