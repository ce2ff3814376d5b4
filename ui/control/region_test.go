package control

import (
	"context"
	"image"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"
	"testing"
	"time"
)

// mapping is a model whose output is a grid of 4×2 pixels.
type mapping struct {
	*plainModel
	region score.Region
	kind   score.OutputKind
}

func (m *mapping) Card() metadata.Card {
	return metadata.Card{
		Input:      preprocess.Input{Channels: 1, Height: 8, Width: 8},
		Preprocess: preprocess.Preprocess{Color: preprocess.Grey, Resize: preprocess.DefaultResize(), Scale: [2]float64{1, 0}},
		Output:     score.Output{Kind: m.kind, Region: m.region, Classes: 2, Axis: 1, Shape: []int{1, 2, 2, 4}},
	}
}
func (m *mapping) Use(card metadata.Card) error           { m.region = card.Output.Region; return nil }
func (m *mapping) SaveSidecar() (string, []string, error) { return "", nil, nil }

// A rectangle of the picture becomes one of the output, and back.
func TestRegionIsDrawnOnThePicture(t *testing.T) {
	bubble(t, func(d *desk) {
		m := &mapping{plainModel: &plainModel{name: "m"}, kind: score.Segmentation}
		d.openModel = func(context.Context, string, OpenOptions, func(string)) (Model, error) { return m, nil }
		d.opened()
		d.q.pass(time.Second)
		img := d.State().Look.Image
		w, h := img.Width, img.Height
		if !d.TakesRegion() || !d.Region().Empty() {
			t.Fatalf("takes a region: %v, has %v", d.TakesRegion(), d.Region())
		}
		calls := m.calls.Load()
		d.SetRegion(image.Rect(w/4+1, h/2+1, w/2, h))
		d.q.pass(time.Second)
		if want := []int{1, 1, 2, 2}; !slices.Equal(m.region.Box, want) || m.calls.Load() == calls {
			t.Errorf("the region is %v, want %v; asked again: %v", m.region.Box, want, m.calls.Load() > calls)
		}
		if got, want := d.Region(), image.Rect(2, 4, 4, 8); got != want { // of 8×8 pixels of the input
			t.Errorf("framed %v, want %v", got, want)
		}
		if r := d.given.Choices.Region; r == nil || !slices.Equal(r.Box, m.region.Box) {
			t.Errorf("opened again with %v", r)
		}
		d.SetRegion(image.Rect(5*w, 5*h, 6*w, 6*h))
		if m.region.Box[0] != 1 {
			t.Errorf("a region outside gives %v", m.region.Box)
		}
		d.SetRegion(image.Rectangle{})
		d.q.pass(time.Second)
		if m.region.Box != nil || !d.Region().Empty() {
			t.Errorf("the whole picture is %v", m.region)
		}
		if m.kind = score.Dense; !d.TakesRegion() {
			t.Error("values per pixel take no region")
		}
		m.kind = score.Classes
		if d.SetRegion(image.Rect(0, 0, w, h)); d.TakesRegion() || m.region.Box != nil {
			t.Errorf("a model of classes takes the region %v", m.region)
		}
	})
}
