package sanity

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/visualizers/spelling"
)

// Thresholds of the verdicts, on means over the seeds.
const (
	sameRank      = .8 // from this rank correlation on
	sameStructure = .5 // and this SSIM, a map barely changes
	// Up to this size of the rank correlation nothing is left of the order of
	// places. Maps share some structure even then: fine ones as noise does with its
	// own mirror image (SSIM .1 to .2), maps that are 0 almost everywhere their
	// zeros (.6). Only from keptStructure on it is that of the map.
	goneRank        = .2
	keptStructure   = .8
	otherRank       = .5 // up to this size of the rank correlation a map changes
	alikeEverywhere = .9 // from this SSIM on, maps of different pictures are no measure of what differs
	movedShare      = .05
	fewUnits        = 5 // layers up to which methods can hardly be told apart
)

// judge sets the verdict from the seeds.
func (c *check) judge() {
	r := &c.report
	c.remark()
	var rank, structure, after []float64
	constant := 0
	for _, s := range r.Seeds {
		if !math.IsNaN(s.After) {
			after = append(after, s.After)
		}
		if s.Constant {
			constant++
		}
		if !math.IsNaN(s.Spearman) && !math.IsNaN(s.SSIM) {
			rank, structure = append(rank, s.Spearman), append(structure, s.SSIM)
		}
	}
	switch {
	case len(after) == 0 || len(rank)+constant == 0:
		c.untold("The method gives no map once the weights are shuffled: " + c.fault())
		return
	case !c.moved(after):
		c.untold("The network's answer hardly moved when its weights were shuffled, so a map need not change either.")
	case len(rank) == 0:
		r.Verdict, r.Finding = Changes, "The map becomes constant when what the network concludes is replaced by chance."
	case mean(rank) >= sameRank && mean(structure) >= sameStructure:
		r.Verdict, r.Finding = BarelyChanges, "This method draws nearly the same map when what the network concludes is replaced by chance. It shows the picture, not the decision."
	case changed(mean(rank), mean(structure), c.different()):
		r.Verdict, r.Finding = Changes, "The map changes when what the network concludes is replaced by chance, so it depends on what the network has learned. That does not make it right."
	default:
		r.Verdict, r.Finding = Partly, "A part of the map stays when what the network concludes is replaced by chance: that part shows the picture, not the decision."
	}
	r.Finding += " " + c.numbers(rank, structure, after)
}

// changed reports whether a map is another: nothing is left of the order of its
// places, or little and less of its structure than other maps share.
func changed(rank, structure, different float64) bool {
	rank = math.Abs(rank)
	return rank <= goneRank && structure < keptStructure || rank <= otherRank && structure < different
}

// fault is why there was no map.
func (c *check) fault() string {
	for _, s := range c.report.Seeds {
		if s.Fault != "" {
			return s.Fault
		}
	}
	return "it holds no numbers that could be compared."
}

// moved reports whether the score explained changed enough for a map to have to
// change: by 5 points of a probability, or 5 % of another score.
func (c *check) moved(after []float64) bool {
	least := movedShare
	if !percent(c.in.Subject) {
		least *= math.Abs(c.report.Before)
	}
	var sum float64
	for _, a := range after {
		sum += math.Abs(a - c.report.Before)
	}
	return sum/float64(len(after)) >= least
}

// different is the SSIM below which maps count as different.
func (c *check) different() float64 {
	if c.report.Baseline >= alikeEverywhere {
		return sameStructure
	}
	return c.report.Baseline
}

// numbers are what the verdict rests on, in words.
func (c *check) numbers(rank, structure, after []float64) string {
	r := &c.report
	write := spelling.Number
	if percent(c.in.Subject) {
		write = hundredths
	}
	text := fmt.Sprintf("%s went from %s to %s", r.Score, write(r.Before), ranged(after, write))
	if len(rank) > 0 {
		text += fmt.Sprintf("; similarity of the maps %s, of their structure %s", ranged(rank, hundredths), ranged(structure, hundredths))
	}
	if n := len(r.Seeds); n > 1 {
		text += fmt.Sprintf(", over %d draws", n)
	}
	return text + fmt.Sprintf(" of %s.", c.which())
}

func (c *check) which() string {
	switch n := c.report.Judged; {
	case n == len(c.units) && n == 1:
		return "the only layer with weights"
	case n == len(c.units):
		return fmt.Sprintf("all %d layers with weights", n)
	default:
		return fmt.Sprintf("the top %d of %d layers with weights", n, len(c.units))
	}
}

// ranged is a mean with the range that it comes from.
func ranged(values []float64, write func(float64) string) string {
	m := write(mean(values))
	low, high := write(slices.Min(values)), write(slices.Max(values))
	if low == high {
		return m
	}
	return fmt.Sprintf("%s (%s to %s)", m, low, high)
}

// hundredths writes a number of about 1.
func hundredths(v float64) string {
	return strings.Replace(fmt.Sprintf("%.2f", v), "-", spelling.Minus, 1)
}

func mean(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// remark notes what a reader of the numbers should know.
func (c *check) remark() {
	r := &c.report
	note := func(format string, a ...any) { r.Notes = append(r.Notes, fmt.Sprintf(format, a...)) }
	if n := len(c.units); n <= fewUnits {
		note("The network has few layers with weights (%d); methods can hardly be told apart on so few.", n)
	}
	if c.options.steps(c.method) == 1 && len(c.units) >= enoughUnits {
		note("All layers were shuffled at once, since each map of this method is dear; methods that only show the picture are found out better at the top layers alone.")
	}
	if r.Baseline >= alikeEverywhere {
		if r.Mirrored {
			note("The map is nearly its own mirror image.")
		} else {
			note("This method draws nearly the same map for every picture (similarity %.2f).", r.Baseline)
		}
	}
	constant, rescaled := 0, map[string]bool{}
	for _, s := range slices.Concat(r.Steps, r.Seeds) {
		for _, name := range s.Rescaled {
			rescaled[name] = true
		}
	}
	for _, s := range r.Seeds {
		if s.Constant {
			constant++
		}
	}
	if constant > 0 {
		note("The map became constant in %d of %d draws; these take no part in the similarities.", constant, len(r.Seeds))
	}
	if len(rescaled) > 0 {
		note("Shuffled weights brought the output of %s out of proportion by more than a factor of 10, so it was scaled back.", someOf(rescaled, c.report.Units))
	}
}

// someOf names the first few of some units, in the order of all.
func someOf(some map[string]bool, all []string) string {
	const most = 3
	var names []string
	for _, name := range all {
		if some[name] {
			names = append(names, name)
		}
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d other layers", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
