package star

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"picasso/visualizers/script/wire"
)

// outcomes are the functions that make results.
var outcomes = []Entry{
	{"heat", "heat(values, title=\"\", unit=None, positive=None, signed=None, cells=False, range=None, metrics={})",
		"A heat map from an H×W or C×H×W tensor, of volumes D×H×W or C×D×H×W; a bare tensor is a heat map as `visualizer` describes it. `cells` draws separate cells, `range` is a natural scale (low, high), `metrics` are numbers about the map.", heat},
	{"image", "image(values, title=\"\", low=None, high=None)",
		"A picture from an H×W or 3×H×W tensor; `low` is shown dark and `high` bright, by default the smallest and largest value.", image},
	{"table", "table(columns, rows, title=\"\")", "A table: a list of headings and a list of rows. Cells are words, numbers, True, False or None.", table},
	{"text", "text(markdown, title=\"\")", "A text in Markdown.", text},
}

// outcome is a result on its way out of the script.
type outcome struct {
	opaque
	item   wire.Item
	values *tensor // nil for tables and texts
	// what heat() left to the declaration
	unit, positive *string
	signed         *bool
}

func made(kind string) *outcome { return &outcome{opaque: opaque{kind}, item: wire.Item{Kind: kind}} }

func heat(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	o := made(wire.ItemMap)
	var unit, positive, signed, limits starlark.Value
	var metrics *starlark.Dict
	if err := starlark.UnpackArgs("heat", args, kwargs, "values", &o.values, "title?", &o.item.Title, "unit?", &unit, "positive?", &positive,
		"signed?", &signed, "cells?", &o.item.Cells, "range?", &limits, "metrics?", &metrics); err != nil {
		return nil, err
	}
	o.unit, o.positive = wordOrNil(unit), wordOrNil(positive)
	if b, ok := signed.(starlark.Bool); ok {
		yes := bool(b)
		o.signed = &yes
	}
	if limits != nil && limits != starlark.None {
		pair, ok := limits.(starlark.Iterable)
		if !ok {
			return nil, fmt.Errorf("heat: range is a %s, want (low, high)", limits.Type())
		}
		t, err := fromList(pair)
		if err != nil || len(t.data) != 2 || !(t.data[0] < t.data[1]) {
			return nil, fmt.Errorf("heat: range is (low, high), with low below high")
		}
		o.item.Range = &[2]float64{float64(t.data[0]), float64(t.data[1])}
	}
	return o, o.measure(metrics)
}

// measure adds the numbers about a map.
func (o *outcome) measure(metrics *starlark.Dict) error {
	if metrics == nil {
		return nil
	}
	o.item.Metrics = map[string]float64{}
	for _, pair := range metrics.Items() {
		key, isWord := starlark.AsString(pair[0])
		x, isNumber := starlark.AsFloat(pair[1])
		if !isWord || !isNumber || math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("heat: metrics are words with finite numbers, got %v: %v", pair[0], pair[1])
		}
		o.item.Metrics[key] = x
	}
	return nil
}

func wordOrNil(v starlark.Value) *string {
	if s, ok := starlark.AsString(v); ok {
		return &s
	}
	return nil
}

func image(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	o := made(wire.ItemPicture)
	var t *tensor
	var low, high starlark.Value
	if err := starlark.UnpackArgs("image", args, kwargs, "values", &t, "title?", &o.item.Title, "low?", &low, "high?", &high); err != nil {
		return nil, err
	}
	if _, _, _, err := t.planes(); err != nil {
		return nil, fmt.Errorf("image: %w", err)
	}
	if len(t.shape) > 3 || (len(t.shape) == 3 && t.shape[0] != 1 && t.shape[0] != 3) {
		return nil, fmt.Errorf("image: a picture is H×W, 1×H×W or 3×H×W, not %s", shapeText(t.shape))
	}
	s := t.summary()
	if x, ok := starlark.AsFloat(low); ok {
		s.low = x
	}
	if x, ok := starlark.AsFloat(high); ok {
		s.high = x
	}
	span := s.high - s.low
	if !(span > 0) {
		span = 1
	}
	var err error
	o.values, err = t.each(func(v float32) float32 { return float32(min(max((float64(v)-s.low)/span, 0), 1)) })
	return o, err
}

// Bounds of tables and texts.
const (
	maxCells = 1 << 18
	maxText  = 1 << 20
)

func table(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	o := made(wire.ItemTable)
	var columns *starlark.List
	var rows starlark.Iterable
	if err := starlark.UnpackArgs("table", args, kwargs, "columns", &columns, "rows", &rows, "title?", &o.item.Title); err != nil {
		return nil, err
	}
	var err error
	if o.item.Columns, err = wordsOf("table: columns", columns); err != nil {
		return nil, err
	}
	o.item.Rows = [][]any{}
	for v := range starlark.Elements(rows) {
		row, ok := v.(starlark.Iterable)
		if !ok {
			return nil, fmt.Errorf("table: row %d is a %s, want a list of cells", len(o.item.Rows)+1, v.Type())
		}
		var cells []any
		for c := range starlark.Elements(row) {
			cells = append(cells, cell(c))
		}
		if len(cells) != len(o.item.Columns) {
			return nil, fmt.Errorf("table: row %d has %d cells, there are %d columns", len(o.item.Rows)+1, len(cells), len(o.item.Columns))
		}
		if o.item.Rows = append(o.item.Rows, cells); len(o.item.Rows)*len(cells) > maxCells {
			return nil, fmt.Errorf("table: more than %d cells", maxCells)
		}
	}
	return o, nil
}

// cell is a value as a table holds it; numbers that are not finite are unknown.
func cell(v starlark.Value) any {
	switch v := v.(type) {
	case starlark.NoneType:
		return nil
	case starlark.Bool:
		return bool(v)
	case starlark.String:
		return string(v)
	}
	if x, ok := starlark.AsFloat(v); ok {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		return x
	}
	return v.String()
}

func text(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	o := made(wire.ItemText)
	if err := starlark.UnpackArgs("text", args, kwargs, "markdown", &o.item.Text, "title?", &o.item.Title); err != nil {
		return nil, err
	}
	if o.item.Text == "" || len(o.item.Text) > maxText {
		return nil, fmt.Errorf("text: from 1 to %d characters, got %d", maxText, len(o.item.Text))
	}
	return o, nil
}

// items turns what run returned, or emit was given, into a message's items:
// one result or a list of them.
func items(v starlark.Value, d *wire.Declaration, symbol string) ([]wire.Item, []wire.Tensor, error) {
	list := []starlark.Value{v}
	switch v := v.(type) {
	case *starlark.List:
		list = slices.Collect(starlark.Elements(v))
	case starlark.Tuple:
		list = v
	}
	var out []wire.Item
	var tensors []wire.Tensor
	for _, v := range list {
		o, ok := v.(*outcome)
		if t, isTensor := v.(*tensor); isTensor {
			o, ok = made(wire.ItemMap), true
			o.values = t
		}
		if !ok {
			return nil, nil, fmt.Errorf("a result is a tensor, heat(…), image(…), table(…) or text(…), or a list of them; got %s", v.Type())
		}
		if !slices.Contains(d.Returns, o.item.Kind) {
			return nil, nil, fmt.Errorf("this result is of kind %q, but visualizer(returns=…) says %s", o.item.Kind, strings.Join(d.Returns, ", "))
		}
		item, err := o.finish(d, symbol)
		if err != nil {
			return nil, nil, err
		}
		if o.values != nil {
			item.Tensor = len(tensors)
			tensors = append(tensors, o.values.wire())
		}
		out = append(out, item)
	}
	return out, tensors, nil
}

// finish completes an item from the declaration.
func (o *outcome) finish(d *wire.Declaration, symbol string) (wire.Item, error) {
	item := o.item
	if item.Kind != wire.ItemMap {
		return item, nil
	}
	if k := len(o.values.shape); k < 2 || k > 3 && !d.Volumes || k > 4 || len(o.values.data) == 0 {
		return item, fmt.Errorf("a heat map is H×W or C×H×W, not %s", shapeText(o.values.shape))
	}
	item.Unit, item.Positive, item.Signed = d.Unit, d.Positive, d.Signed
	if o.unit != nil {
		item.Unit = *o.unit
	}
	if o.positive != nil {
		item.Positive = *o.positive
	}
	if o.signed != nil {
		item.Signed = *o.signed
	}
	named := strings.NewReplacer("{target}", symbol)
	item.Unit, item.Positive = named.Replace(item.Unit), named.Replace(item.Positive)
	return item, nil
}
