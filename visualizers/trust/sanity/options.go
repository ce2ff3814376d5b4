package sanity

import (
	"fmt"
	"math"
	"slices"
	"time"

	"picasso/backend/onnx/shuffle"
	"picasso/visualizers"
)

// Order says which units have other weights in a step.
type Order string

// Orders of units.
const (
	Cascade     Order = "cascade"     // all from the top down to one
	Independent Order = "independent" // one alone
)

// Bounds of a check.
const (
	MostSteps    = 8
	MostSeeds    = 20
	DefaultSeeds = 5
)

// Options say how the weights are replaced.
type Options struct {
	Order Order
	Draw  shuffle.Kind
	// Steps is the most maps in the order of the units; 0 is [MostSteps], and 1 for
	// methods that need no gradients, whose maps are dear: everything at once.
	Steps int
	Seeds int    // draws at the step that the verdict is about
	Seed  uint64 // of the first draw
}

// Defaults are the usual options.
func Defaults() Options {
	return Options{Order: Cascade, Draw: shuffle.Permute, Seeds: DefaultSeeds, Seed: 1}
}

// Check refuses options that mean nothing.
func (o Options) Check() error {
	switch {
	case o.Order != Cascade && o.Order != Independent:
		return fmt.Errorf("the order %q is unknown; choose %s or %s", o.Order, Cascade, Independent)
	case o.Draw != shuffle.Permute && o.Draw != shuffle.He:
		return fmt.Errorf("the draw %q is unknown; choose %s or %s", o.Draw, shuffle.Permute, shuffle.He)
	case o.Steps < 0 || o.Steps > MostSteps:
		return fmt.Errorf("%d steps are not possible; choose 1 to %d", o.Steps, MostSteps)
	case o.Seeds < 1 || o.Seeds > MostSeeds:
		return fmt.Errorf("%d seeds are not possible; choose 1 to %d", o.Seeds, MostSeeds)
	}
	return nil
}

// dear tells methods that ask a model hundreds of times for one map.
func dear(v visualizers.Visualizer) bool {
	group := v.Info().Group
	return group == visualizers.Cover || group == visualizers.Sampling
}

// steps is how many maps there are at most in the order of the units.
func (o Options) steps(v visualizers.Visualizer) int {
	switch {
	case o.Steps > 0:
		return o.Steps
	case dear(v):
		return 1
	}
	return MostSteps
}

// Verdicts are about the top units of networks that have at least enoughUnits:
// there a method that only shows the picture is found out, while at full depth
// every map has changed. Of smaller networks all units are replaced.
const (
	topUnits    = 2
	enoughUnits = 8
)

// judged is the number of units, from the top, that the verdict is about.
func (o Options) judged(v visualizers.Visualizer, units int) int {
	if units < enoughUnits || o.steps(v) == 1 {
		return units
	}
	return topUnits
}

// ladder are numbers of units from 1 to all, at most so many: 1, 2, 4, 8, … and
// all, or further apart where that is too many. The one that the verdict is
// about is among them.
func ladder(units, most, judged int) []int {
	if most == 1 || units == 1 {
		return []int{units}
	}
	var list []int
	for n := 1; n < units; n *= 2 {
		list = append(list, n)
	}
	if list = append(list, units); len(list) <= most {
		return list
	}
	if most == 2 {
		return slices.Compact([]int{judged, units})
	}
	list = []int{1}
	for i := range most - 1 {
		n := int(math.Round(topUnits * math.Pow(float64(units)/topUnits, float64(i)/float64(most-2))))
		if n > list[len(list)-1] {
			list = append(list, n)
		}
	}
	return list
}

// Cost is what a check takes at most.
type Cost struct {
	Maps     int                 // by the method, that of the network itself included
	Sessions int                 // to open, besides those of the method
	All      visualizers.Preview // of all maps together, where the method can tell
	Known    bool                // All is known
}

// Expect is the cost of a check of a method.
func Expect(v visualizers.Visualizer, in visualizers.Input, o Options) Cost {
	n := o.steps(v) + o.Seeds
	if o.steps(v) == 1 {
		n--
	}
	c := Cost{Maps: n + 1, Sessions: 2*n + 1}
	p, ok := v.(visualizers.Previewer)
	if !ok {
		return c
	}
	c.All, c.Known = p.Preview(in.Subject, in.Values), true
	c.All.Passes *= c.Maps
	c.All.Time *= time.Duration(c.Maps)
	return c
}

// String is the cost in words.
func (c Cost) String() string {
	text := fmt.Sprintf("up to %d maps, and the model opened %d times", c.Maps, c.Sessions)
	if c.Known {
		text += "; " + c.All.String()
	}
	return text
}
