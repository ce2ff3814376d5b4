package insight

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"slices"

	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/ui/control/kept"
	"picasso/ui/control/task"
	"picasso/visualizers"
)

// Search is the search for the pictures of the list that drive a unit most. Of a
// scan the slice that is looked at counts.
type Search struct {
	Wanted      bool // the user asked for it, for units of this layer
	Running     bool
	Done, Total int
	Failed      int // pictures that could not be read or run
	Channel     int // that Crops are of
	Crops       []Crop
	Err         error
}

// Crop is what a unit sees in a picture where it is strongest.
type Crop struct {
	Picture int // ID
	Name    string
	Value   float64
	Cell    [2]int
	Image   *image.RGBA // the receptive field of the cell, cut out
}

// mostCrops are shown, and mostSearched pictures looked through.
const mostCrops, mostSearched = 9, 2000

type searchKey struct {
	layer   string
	channel int
}

// peakKey names a picture, as it is looked at, under a layer.
type peakKey struct {
	layer                  string
	picture, slice, volume int
	uptake                 bool
}

// peaks are the largest value of every channel in a picture, and where it is.
type peaks struct {
	value []float32
	cell  []int32
}

func (p peaks) bytes() int { return 8*len(p.value) + 64 }

// peaksOf finds the strongest cell of every channel.
func peaksOf(values tensor) peaks {
	plane := values.Shape[1] * values.Shape[2]
	p := peaks{make([]float32, values.Shape[0]), make([]int32, values.Shape[0])}
	for c := range p.value {
		a := values.Data[c*plane : (c+1)*plane]
		best := 0
		for i, v := range a {
			if v > a[best] {
				best = i
			}
		}
		p.value[c], p.cell[c] = a[best], int32(best)
	}
	return p
}

// candidate is a picture of the list for the worker.
type candidate struct {
	key   peakKey
	name  string
	read  func(control.Model) (*picture.Image, tensor, error)
	peaks *peaks // where they are known
}

// SearchPictures looks for the pictures that drive the unit most, and for those of
// other units of this layer as they are chosen.
func (t *Controller) SearchPictures() {
	if t.model != nil && visualizers.DepthOf(t.model) > 0 {
		t.state.Search.Err = errFlat
		t.tell()
		return
	}
	t.state.Search.Wanted, t.searched = true, searchKey{}
	t.search()
	t.tell()
}

// errFlat refuses to look for units of volumes.
var errFlat = errors.New("what a unit sees is cut out of pictures, and this model takes volumes; open each of them instead, and read the largest value of the channel")

// search begins where it is wanted and the unit is another one.
func (t *Controller) search() {
	key := searchKey{t.state.Layer, t.state.Unit.Channel}
	if !t.state.Search.Wanted || key == t.searched || !t.Current() {
		return
	}
	t.searched = key
	g, layer := t.state.Graph, t.state.Sheet.Layer
	list := t.candidates(key.layer)
	t.state.Search = Search{Wanted: true, Running: true, Total: len(list), Channel: key.channel}
	task.Start(t.searching, control.Lend(t.c, func(ctx context.Context, m control.Model, tell func(func())) ([]Crop, error) {
		ranked, err := t.rank(ctx, m, list, key, tell)
		if err != nil {
			return nil, err
		}
		return crops(ctx, m, g, layer, ranked, key.channel)
	}), func(found []Crop, err error) {
		t.state.Search.Running = false
		t.state.Search.Crops, t.state.Search.Err = found, err
		t.tell()
	})
}

// candidates are the pictures of the list that can be used.
func (t *Controller) candidates(layer string) []candidate {
	var list []candidate
	for _, p := range t.c.State().Images {
		if p.Err != nil || len(list) == mostSearched {
			continue
		}
		one := candidate{key: peakKey{layer, p.ID, p.Slice, p.Volume, p.Uptake}, name: p.Name, read: p.Reader()}
		if known, ok := t.peaks.Get(one.key); ok {
			one.peaks = &known
		}
		list = append(list, one)
	}
	return list
}

// rank finds the pictures with the largest values of a channel, reading those that
// are not known yet.
func (t *Controller) rank(ctx context.Context, m control.Model, list []candidate, key searchKey, tell func(func())) ([]candidate, error) {
	known := list[:0:0]
	for i := range list {
		one := list[i]
		if one.peaks == nil {
			found, err := look(ctx, m, one, key.layer)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			tell(func() { t.looked(one.key, found, err) })
			if err != nil {
				continue
			}
			one.peaks = &found
		} else {
			tell(func() { t.state.Search.Done++ })
		}
		known = append(known, one)
	}
	slices.SortStableFunc(known, func(a, b candidate) int {
		x, y := a.peaks.value[key.channel], b.peaks.value[key.channel]
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return known[:min(len(known), mostCrops)], nil
}

// look runs the model on a picture up to the layer.
func look(ctx context.Context, m control.Model, one candidate, layer string) (peaks, error) {
	_, x, err := one.read(m)
	if err != nil {
		return peaks{}, err
	}
	values, err := m.(visualizers.Layered).Activations(ctx, layer, []tensor{x})
	if err != nil {
		return peaks{}, err
	}
	return peaksOf(values[0]), nil
}

// looked keeps what was found in a picture.
func (t *Controller) looked(key peakKey, found peaks, err error) {
	t.state.Search.Done++
	if err != nil {
		t.state.Search.Failed++
	} else {
		t.peaks.Put(key, found)
	}
	t.tell()
}

// crops cuts out what the strongest cells see.
func crops(ctx context.Context, m control.Model, g *Graph, layer visualizers.Layer, ranked []candidate, channel int) ([]Crop, error) {
	var out []Crop
	for _, one := range ranked {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		raw, _, err := one.read(m)
		if err != nil {
			continue
		}
		at := int(one.peaks.cell[channel])
		c := Crop{Picture: one.key.picture, Name: one.name, Value: float64(one.peaks.value[channel]), Cell: [2]int{at / layer.Width, at % layer.Width}}
		f := g.Field(layer.Name, 0, c.Cell[0], c.Cell[1])
		shown := raw.RGBA()
		c.Image = cut(shown, OnPicture(m.Place(raw), image.Rect(f.Columns.Lo, f.Rows.Lo, f.Columns.Hi, f.Rows.Hi), shown.Rect))
		out = append(out, c)
	}
	return out, nil
}

// cut is a part of a picture, small enough for a list.
func cut(m *image.RGBA, r image.Rectangle) *image.RGBA {
	if r.Empty() {
		r = m.Rect
	}
	out := image.NewRGBA(image.Rectangle{Max: r.Size()})
	draw.Draw(out, out.Rect, m, r.Min, draw.Src)
	return kept.Shrink(out).Open()
}

func (s *State) searchTold() (share float64, text string) {
	if s.Search.Total == 0 {
		return 0, ""
	}
	return float64(s.Search.Done) / float64(s.Search.Total),
		fmt.Sprintf("%d of %d pictures looked through for channel %d", s.Search.Done, s.Search.Total, s.Search.Channel)
}
