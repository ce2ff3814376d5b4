package backend

import (
	"fmt"
	"path/filepath"
	"slices"
)

// setKind takes over what the output holds.
func (f *facts) setKind(k OutputKind, origin string) {
	if f.take("kind", origin) {
		f.kind = k
	}
}

// applyShape lets the sources correct what the output's shape was taken for.
// It is done before the activation is settled.
func (c *Card) applyShape(f *facts) error {
	o := &c.Output
	if len(f.references) > 0 && f.kind == "" {
		f.kind = Embedding
	}
	if len(f.references) > 0 && f.kind != Embedding {
		c.Warn(fmt.Sprintf("The reference of %s is not used: the output is read as %s.", f.origin["reference"], f.kind))
	}
	if f.kind != "" && f.kind != o.Kind {
		if err := become(o, f.kind); err != nil {
			return f.mistake(err)
		}
	}
	if f.kind != "" {
		c.Say("kind", f.saidKind())
	}
	if o.Kind == Detection {
		return c.applyRows(f)
	}
	if o.Kind == Segmentation {
		if err := f.region.Check(*o); err != nil {
			return f.mistake(err)
		}
		o.Region = f.region
		c.Say("region", f.origin["region"])
	}
	return nil
}

// become changes the kind, where the shape allows it.
func become(o *OutputSpec, k OutputKind) error {
	long := longAxes(o.Shape)
	refuse := func(need string) error {
		return &KeyError{Key: "kind", Fault: fmt.Sprintf("%q needs %s; the output %q has the shape %v", k, need, o.Name, o.Shape)}
	}
	switch k {
	case Classes, Regression:
		if len(long) > 1 {
			return refuse("one value per class")
		}
	case Segmentation:
		if len(o.Shape) < 3 {
			return refuse("a value per class and pixel")
		}
		if o.Kind != Segmentation {
			o.Axis, o.Skip = 1, 0
			o.Classes = o.Shape[1]
		}
	case Detection:
		if len(long) != 2 {
			return refuse("rows of boxes")
		}
		describeRows(o, o.Shape, long, nil)
	case Embedding:
		embed(o)
	}
	o.Kind = k
	return nil
}

// applyRows settles how the numbers of a box lie.
func (c *Card) applyRows(f *facts) error {
	o := &c.Output
	long := longAxes(o.Shape)
	width := o.Classes + o.Skip
	columns := f.columns
	if columns == nil {
		columns = f.columnsByNames(o, long)
	}
	if columns != nil && len(long) == 2 {
		o.Axis = long[1]
		if *columns {
			o.Axis = long[0]
		}
		width = o.Shape[o.Axis]
		c.Say("columns", f.saidColumns())
		o.Skip = min(boxOnly, width-1)
	}
	if f.skip != nil {
		o.Skip = *f.skip
		c.Say("skip", f.origin["skip"])
	}
	o.Classes = width - o.Skip
	c.applyNames(f, width)
	if o.Classes < 1 {
		err := &KeyError{Key: "skip", Fault: fmt.Sprintf("%d leaves no class scores in rows of %d numbers", o.Skip, width)}
		return f.mistake(err)
	}
	return nil
}

// columnsByNames lets the number of class names tell boxes in rows from boxes in
// columns, where only one of them leaves room for a box before the scores; nil
// where both do or neither.
func (f *facts) columnsByNames(o *OutputSpec, long []int) *bool {
	if len(f.labels) == 0 || len(long) != 2 || o.Skip == 0 {
		return nil
	}
	fits := func(axis int) bool {
		rest := o.Shape[axis] - len(f.labels[0].names)
		return rest == boxOnly || rest == boxAndObject
	}
	columns := fits(long[0])
	if columns == fits(long[1]) {
		return nil
	}
	return &columns
}

// saidColumns tells who said how boxes lie.
func (f *facts) saidColumns() string {
	if by := f.origin["columns"]; by != "" {
		return by
	}
	return "the number of class names"
}

// applyNames lets the number of class names tell where the scores of a box
// end: segmenting and key point models have further numbers behind them.
func (c *Card) applyNames(f *facts, width int) {
	o := &c.Output
	if len(f.labels) == 0 {
		return
	}
	n := len(f.labels[0].names)
	if f.skip == nil {
		switch rest := width - n; {
		case rest == boxOnly || rest == boxAndObject:
			o.Skip = rest
		case rest < boxOnly:
			return
		}
	}
	if tail := width - o.Skip - n; tail >= 0 {
		o.Classes, o.Tail = n, tail
	}
}

// applyOutput takes over activation, box and names from the sources.
func (c *Card) applyOutput(f *facts) error {
	o := &c.Output
	if o.Kind == Embedding {
		c.applyReferences(f)
		return nil
	}
	if f.box != nil {
		o.Box = *f.box
		c.Say("box", f.origin["box"])
	}
	if o.Kind == Regression {
		o.Value, o.Unit = f.value, f.unit
		c.setActivation(Identity)
		o.Origin = "a regression: the values are the scores"
		c.Say("activation", f.origin["kind"])
		if f.value != "" && o.Classes == 1 {
			name := f.value
			if f.unit != "" {
				name += " (" + f.unit + ")"
			}
			f.labels = slices.Insert(f.labels, 0, labelList{names: []string{name}, origin: f.origin["value"]})
		}
		return nil
	}
	if f.activation != "" {
		c.setActivation(f.activation)
		c.Say("activation", f.origin["activation"])
	}
	return nil
}

// blame names the place in a sidecar that chose a port which cannot be used.
func (f *facts) blame(key string, err error) error {
	if f.sidecar == nil || f.origin[key] != filepath.Base(f.sidecarPath) {
		return err
	}
	return &SidecarError{f.sidecarPath, f.sidecar.locate(&KeyError{Key: key, Fault: err.Error()})}
}

// mistake names where a value that does not suit the model comes from.
func (f *facts) mistake(err error) error {
	if f.sidecarPath == "" {
		return fmt.Errorf("%s: %w", userOrigin, err)
	}
	return &SidecarError{f.sidecarPath, f.sidecar.locate(err)}
}
