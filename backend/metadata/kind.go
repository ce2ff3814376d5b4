package metadata

import (
	"fmt"
	"path/filepath"
	"slices"

	"picasso/backend/preprocess"
	"picasso/backend/score"
)

func OrElse(v, other int) int {
	if v > 0 {
		return v
	}
	return other
}

// SetKind takes over what the output holds.
func (f *Facts) SetKind(k score.OutputKind, origin string) {
	if f.Take("kind", origin) {
		f.kind = k
	}
}

// ApplyShape lets the sources correct what the output's shape was taken for.
// It is done before the activation is settled.
func (c *Card) ApplyShape(f *Facts) error {
	o := &c.Output
	if len(f.references) > 0 && f.kind == "" {
		f.kind = score.Embedding
	}
	if len(f.references) > 0 && f.kind != score.Embedding {
		c.Warn(fmt.Sprintf("The reference of %s is not used: the output is read as %s.", f.Origin["reference"], f.kind))
	}
	if f.kind != "" && f.kind != o.Kind {
		if err := become(o, f); err != nil {
			return f.Mistake(err)
		}
	}
	if f.kind != "" {
		c.Say("kind", f.saidKind())
	}
	switch o.Kind {
	case score.Detection:
		return c.applyRows(f)
	case score.Selection:
		return c.applyColumns(f)
	case score.Sequence:
		return c.applyStep(f)
	case score.Segmentation, score.Dense:
		if err := f.region.Check(*o); err != nil {
			return f.Mistake(err)
		}
		o.Region = f.region
		c.Say("region", f.Origin["region"])
	}
	return nil
}

// applyColumns takes over which numbers of a selected box are its score and its
// class.
func (c *Card) applyColumns(f *Facts) error {
	d := &c.Output.Selected
	for key, column := range map[string]struct {
		said *int
		into *int
	}{"score": {f.scoreColumn, &d.Score}, "class": {f.classColumn, &d.Class}} {
		if column.said == nil || d.Width == 1 {
			continue
		}
		if *column.said >= d.Width {
			return f.Mistake(&preprocess.KeyError{Key: key, Fault: fmt.Sprintf("%d lies outside rows of %d numbers, which count from 0", *column.said, d.Width)})
		}
		*column.into = *column.said
		c.Say(key, f.Origin[key])
	}
	if len(f.Labels) > 0 {
		c.Output.Classes = max(c.Output.Classes, len(f.Labels[0].Names))
	}
	return nil
}

// applyStep takes over which step of a sequence is scored.
func (c *Card) applyStep(f *Facts) error {
	o := &c.Output
	if f.step == nil {
		return nil
	}
	if steps := o.Steps(); *f.step >= steps {
		return f.Mistake(&preprocess.KeyError{Key: "step", Fault: fmt.Sprintf("%d lies outside the %d steps of the output %q, which count from 0", *f.step, steps, o.Name)})
	}
	o.Step = *f.step
	c.Say("step", f.Origin["step"])
	return nil
}

// become changes the kind, where the shape allows it.
func become(o *score.Output, f *Facts) error {
	k, long := f.kind, longAxes(o.Shape)
	refuse := func(need string) error {
		return &preprocess.KeyError{Key: "kind", Fault: fmt.Sprintf("%q needs %s; the output %q has the shape %v", k, need, o.Name, o.Shape)}
	}
	switch k {
	case score.Classes, score.Regression:
		if len(long) > 1 {
			return refuse("one value per class")
		}
	case score.Segmentation:
		if len(o.Shape) < 3 {
			return refuse("a value per class and pixel")
		}
		if o.Kind != score.Segmentation && o.Kind != score.Dense {
			o.Axis, o.Skip = 1, 0
			o.Classes = o.Shape[1]
		}
	case score.Sequence:
		if len(long) != 2 {
			return refuse("a score per class and step")
		}
		o.Axis, o.Step = long[1], -1
		if f.columns != nil && *f.columns {
			o.Axis = long[0]
		}
		o.Classes, o.Skip, o.Tail = o.Shape[o.Axis], 0, 0
	case score.Dense:
		switch {
		case len(long) != 2 || o.Kind == score.Segmentation && o.Classes != 1:
			return refuse("one value per pixel")
		case o.Kind != score.Segmentation:
			o.Axis = slices.Index(o.Shape, 1)
		}
		o.Classes, o.Skip, o.Tail = 1, 0, 0
	case score.Selection:
		width := o.Shape[len(o.Shape)-1]
		if width <= boxAndObject || len(o.Shape) > 3 {
			return refuse("rows of a box, a score and a class")
		}
		o.Selected = score.Selected{Width: width, Score: boxOnly, Class: boxAndObject}
		o.Classes, o.Skip, o.Tail = 1, 0, 0
	case score.Detection:
		if len(long) != 2 {
			return refuse("rows of boxes")
		}
		describeRows(o, o.Shape, long, nil)
	case score.Embedding:
		embed(o)
	}
	o.Kind = k
	return nil
}

// applyRows settles how the numbers of a box lie.
func (c *Card) applyRows(f *Facts) error {
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
		c.Say("skip", f.Origin["skip"])
	}
	o.Classes = width - o.Skip
	c.applyNames(f, width)
	if o.Classes < 1 {
		err := &preprocess.KeyError{Key: "skip", Fault: fmt.Sprintf("%d leaves no class scores in rows of %d numbers", o.Skip, width)}
		return f.Mistake(err)
	}
	return nil
}

// columnsByNames lets the number of class names tell boxes in rows from boxes in
// columns, where only one of them leaves room for a box before the scores; nil
// where both do or neither.
func (f *Facts) columnsByNames(o *score.Output, long []int) *bool {
	if len(f.Labels) == 0 || len(long) != 2 || o.Skip == 0 {
		return nil
	}
	fits := func(axis int) bool {
		rest := o.Shape[axis] - len(f.Labels[0].Names)
		return rest == boxOnly || rest == boxAndObject
	}
	columns := fits(long[0])
	if columns == fits(long[1]) {
		return nil
	}
	return &columns
}

// saidColumns tells who said how boxes lie.
func (f *Facts) saidColumns() string {
	if by := f.Origin["columns"]; by != "" {
		return by
	}
	return "the number of class names"
}

// applyNames lets the number of class names tell where the scores of a box
// end: segmenting and key point models have further numbers behind them.
func (c *Card) applyNames(f *Facts, width int) {
	o := &c.Output
	if len(f.Labels) == 0 {
		return
	}
	n := len(f.Labels[0].Names)
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

// ApplyOutput takes over activation, box and names from the sources.
func (c *Card) ApplyOutput(f *Facts) error {
	o := &c.Output
	if o.Kind == score.Embedding {
		c.applyReferences(f)
		return nil
	}
	if f.box != nil {
		o.Box = *f.box
		c.Say("box", f.Origin["box"])
	}
	if o.Kind == score.Regression {
		o.Value, o.Unit = f.value, f.unit
		c.setActivation(score.Identity)
		o.Origin = "a regression: the values are the scores"
		c.Say("activation", f.Origin["kind"])
		if f.value != "" && o.Classes == 1 {
			name := f.value
			if f.unit != "" {
				name += " (" + f.unit + ")"
			}
			f.Labels = slices.Insert(f.Labels, 0, LabelList{Names: []string{name}, Origin: f.Origin["value"]})
		}
		return nil
	}
	if f.activation != "" {
		c.setActivation(f.activation)
		c.Say("activation", f.Origin["activation"])
	}
	return nil
}

// Blame names the place in a sidecar that chose a port which cannot be used.
func (f *Facts) Blame(key string, err error) error {
	if f.Sidecar == nil || f.Origin[key] != filepath.Base(f.sidecarPath) {
		return err
	}
	return &SidecarError{f.sidecarPath, f.Sidecar.locate(&preprocess.KeyError{Key: key, Fault: err.Error()})}
}

// Mistake names where a value that does not suit the model comes from.
func (f *Facts) Mistake(err error) error {
	if f.sidecarPath == "" {
		return fmt.Errorf("%s: %w", userOrigin, err)
	}
	return &SidecarError{f.sidecarPath, f.Sidecar.locate(err)}
}
