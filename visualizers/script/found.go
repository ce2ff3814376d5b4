package script

import (
	"fmt"
	"math"
	"slices"

	"picasso/visualizers"
	"picasso/visualizers/script/wire"
)

// maxResults bounds what one run may return.
const maxResults = 200

// found turns a message's items into results. The first heat map is the
// target's map; further ones are parts.
func (e *execution) found(m *wire.Message) (maps []visualizers.Map, parts []visualizers.Part, err error) {
	if n := len(m.Output); n > maxResults {
		return nil, nil, e.complain("%d results are too many to show; at most %d", n, maxResults)
	}
	for _, item := range m.Output {
		if len(item.Title) > maxWords || !slices.Contains(e.script.returns, item.Kind) {
			return nil, nil, &lost{wire.ErrFrame}
		}
		if item.Kind != wire.ItemMap {
			p, err := e.part(item, m.Tensors)
			if err != nil {
				return nil, nil, err
			}
			parts = append(parts, p)
			continue
		}
		mp, err := e.heatMap(item, m.Tensors)
		if err != nil {
			return nil, nil, err
		}
		if maps == nil {
			maps = append(maps, mp)
			continue
		}
		parts = append(parts, visualizers.Part{Title: item.Title, Map: &mp})
	}
	return maps, parts, nil
}

// tensor is one of a message's, by its index in an item.
func tensorAt(tensors []wire.Tensor, i int) (wire.Tensor, error) {
	if i < 0 || i >= len(tensors) {
		return wire.Tensor{}, &lost{wire.ErrFrame}
	}
	return tensors[i], nil
}

func (e *execution) heatMap(item wire.Item, tensors []wire.Tensor) (visualizers.Map, error) {
	t, err := tensorAt(tensors, item.Tensor)
	if err != nil {
		return visualizers.Map{}, err
	}
	m, err := e.spread(t)
	if err != nil {
		return m, err
	}
	m.Target, m.Values, m.Unit, m.Positive = e.in.Targets[e.target], slices.Clone(t.Data), cut(item.Unit, maxWords), cut(item.Positive, maxWords)
	m.Signed, m.Fixed, m.Cells, m.Metrics = item.Signed, item.Range, item.Cells, item.Metrics
	if m.Unit == "" {
		m.Unit = "value"
	}
	if m.Positive == "" {
		m.Positive = "as the script defines it"
	}
	for i, v := range m.Values {
		if math.IsInf(float64(v), 0) {
			m.Values[i] = float32(math.NaN())
		}
		if v < 0 && !m.Signed {
			return m, e.complain("the heat map has negative values; declare visualizer(…, signed=True), or use .abs() or .relu()")
		}
	}
	return m, nil
}

// spread is a map of the shape of a tensor: H×W or C×H×W, of volumes D×H×W or
// C×D×H×W.
func (e *execution) spread(t wire.Tensor) (visualizers.Map, error) {
	channels, _, _ := e.in.Subject.Shape()
	depth, axes, words := visualizers.DepthOf(e.in.Subject), 2, "H×W"
	if depth > 0 {
		axes, words = 3, "D×H×W"
	}
	shape := t.Shape
	if len(shape) == axes {
		shape = append([]int{1}, shape...)
	}
	if len(shape) != axes+1 || slices.Min(shape) < 1 || (shape[0] != 1 && shape[0] != channels) {
		return visualizers.Map{}, e.complain("a heat map is %s, or C×%s with the model's %d channels, not %v", words, words, channels, t.Shape)
	}
	m := visualizers.Map{Channels: shape[0], Height: shape[axes-1], Width: shape[axes]}
	if depth > 0 {
		m.Depth = shape[1]
		m.Height *= m.Depth
	}
	return m, nil
}

func (e *execution) part(item wire.Item, tensors []wire.Tensor) (visualizers.Part, error) {
	p := visualizers.Part{Title: item.Title}
	switch item.Kind {
	case wire.ItemText:
		p.Text = item.Text
	case wire.ItemTable:
		p.Table = &visualizers.Table{Columns: item.Columns, Rows: item.Rows}
	case wire.ItemPicture:
		t, err := tensorAt(tensors, item.Tensor)
		if err != nil {
			return p, err
		}
		shape := t.Shape
		if len(shape) == 2 {
			shape = []int{1, shape[0], shape[1]}
		}
		if len(shape) != 3 {
			return p, &lost{wire.ErrFrame}
		}
		p.Picture = &visualizers.Picture{Channels: shape[0], Height: shape[1], Width: shape[2], Values: t.Data}
	}
	if err := p.Check(); err != nil {
		return p, e.complain("a result cannot be shown: %v", err)
	}
	if n := len(e.in.Targets); n > 1 && p.Title == "" && p.Table == nil {
		p.Title = e.in.Targets[e.target].Symbol(e.in.Subject)
	}
	return p, nil
}

func (e *execution) complain(format string, a ...any) error {
	return &Error{File: e.script.name, Message: fmt.Sprintf(format, a...)}
}
