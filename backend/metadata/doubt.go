package metadata

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Doubt is something about a model that its file and a trial run leave open.
// It stands until the user says the value of its key.
type Doubt struct {
	Key      string    `json:"key"`                // of the sidecar whose value settles it: "kind", "activation", "output", "class", "labels"
	Text     string    `json:"text"`               // what was taken and why, in a sentence with "probably"
	Readings []Reading `json:"readings,omitempty"` // the ways there are, the one that was taken first
}

// Reading is one way to read a model's output, which a caller can offer as a
// choice. In JSON its choices are "settings", as [Choices.Settings] writes them.
type Reading struct {
	Title   string // a few words, for a button
	Why     string // what would speak for it, in a sentence
	Choices Choices
	Taken   bool // it is the one in use
}

// MarshalJSON implements [json.Marshaler].
func (r Reading) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Title    string   `json:"title"`
		Why      string   `json:"why,omitempty"`
		Settings []string `json:"settings"`
		Taken    bool     `json:"taken,omitempty"`
	}{r.Title, r.Why, r.Choices.Settings(), r.Taken})
}

// doubt notes something that is open, unless the user has said it.
func (c *Card) doubt(f *Facts, d Doubt) {
	if said := f.Origin[d.Key]; said != "" && f.ByUser(said) || c.inDoubt(d.Key) {
		return
	}
	if len(d.Readings) > 0 {
		d.Readings[0].Taken = true
	}
	c.Doubts = append(c.Doubts, d)
}

// inDoubt reports whether one of some keys is open.
func (c *Card) inDoubt(keys ...string) bool {
	return slices.ContainsFunc(c.Doubts, func(d Doubt) bool { return slices.Contains(keys, d.Key) })
}

// settle notes that the user has said the value of a key.
func (c *Card) settle(key string) {
	c.Say(key, byUser)
	c.answer(key)
}

// answer drops the doubts about a key.
func (c *Card) answer(key string) {
	c.Doubts = slices.DeleteFunc(slices.Clone(c.Doubts), func(d Doubt) bool { return d.Key == key })
}

// scoresInDoubt reports whether it is open that the numbers are scores of
// classes as they are read.
func (c *Card) scoresInDoubt() bool { return c.inDoubt("kind", "activation", "output", "class") }

// Percent reports whether scores may be shown as percentages: they are read as
// probabilities, and nothing about that is in doubt.
func (c *Card) Percent() bool {
	o := &c.Output
	return o.Kind.OfClasses() && !c.scoresInDoubt() && !(o.Activation == score.Identity && c.unbounded)
}

// asKind is the reading of an output as a kind.
func asKind(k score.OutputKind, title, why string) Reading {
	return Reading{Title: title, Why: why, Choices: Choices{Kind: k}}
}

// asActivation is the reading of values by an activation.
func asActivation(a score.Activation) Reading {
	title, why := "probabilities by softmax", "the values are raw scores of classes that exclude each other"
	switch a {
	case score.Sigmoid:
		title, why = "probabilities by sigmoid", "the values are raw scores, each class for itself"
	case score.Identity:
		title, why = "scores as they are", "the values are scores, or probabilities already"
	}
	return Reading{Title: title, Why: why, Choices: Choices{Kind: score.Classes, Activation: a}}
}

// doubtTable says that a table of numbers has no sign of what its axes are.
func (c *Card) doubtTable(f *Facts) {
	o := &c.Output
	long := longAxes(o.Shape)
	a, b := o.Shape[long[0]], o.Shape[long[1]]
	boxes := asKind(score.Detection, "boxes", "a detector gives a box and the scores of its classes")
	sequence := asKind(score.Sequence, fmt.Sprintf("a sequence of %d steps with %d classes", a, b), "a reader of text gives the scores of characters step by step")
	taken, probably := []Reading{boxes, sequence}, "one row per box"
	if o.Kind == score.Sequence {
		taken, probably = []Reading{sequence, boxes}, fmt.Sprintf("the scores of %d classes at %d steps", b, a)
	}
	c.doubt(f, Doubt{
		Key:  "kind",
		Text: fmt.Sprintf("The output %q is a table of %d×%d numbers, and neither the file nor a trial run says what they are: it is probably %s.", o.Name, a, b, probably),
		Readings: append(taken,
			asKind(score.Dense, fmt.Sprintf("a map of %d×%d values", b, a), "a model of depth or of anomalies gives a value per pixel"),
			asKind(score.Embedding, "an embedding", "a model without a head gives vectors")),
	})
}

// doubtWhole says that values are whole numbers, which scores are not.
func (c *Card) doubtWhole(f *Facts) {
	c.doubt(f, Doubt{
		Key:      "kind",
		Text:     fmt.Sprintf("The output %q holds whole numbers only, which scores of classes are not: they are probably counts or numbers of classes, and are shown as they are.", c.Output.Name),
		Readings: []Reading{asKind(score.Regression, "values as they are", "counts and class numbers are no scores"), asActivation(score.Softmax), asActivation(score.Sigmoid)},
	})
}

// doubtQuantity says that a single value looks like a quantity.
func (c *Card) doubtQuantity(f *Facts) {
	c.doubt(f, Doubt{
		Key:      "kind",
		Text:     fmt.Sprintf("The single value of %q is probably a quantity, and is shown as it is: its name says so, or it cannot fall below 0.", c.Output.Name),
		Readings: []Reading{asKind(score.Regression, "a value as it is", "a quantity, such as an age or a count"), asActivation(score.Sigmoid)},
	})
}

// doubtGrown says that values made from probabilities are larger than these.
func (c *Card) doubtGrown(f *Facts) {
	c.doubt(f, Doubt{
		Key: "activation",
		Text: fmt.Sprintf("The values of %q are computed from probabilities but are larger than 1: they are probably percentages or the like, and are shown as they are.",
			c.Output.Name),
		Readings: []Reading{asActivation(score.Identity), asActivation(score.Softmax), asActivation(score.Sigmoid)},
	})
}

// doubtScaled says that a value is made from a probability but is none.
func (c *Card) doubtScaled(f *Facts) {
	kind, title := score.Regression, "a value as it is"
	other := asActivation(score.Sigmoid)
	if c.Output.Kind == score.Dense {
		kind, title = score.Dense, "a map of values"
		other = asKind(score.Segmentation, "a segmentation of one class", "raw scores of one class")
	}
	c.doubt(f, Doubt{
		Key:      "kind",
		Text:     fmt.Sprintf("The value of %q is computed from one between 0 and 1 but lies outside: it is probably a quantity, such as an age, and is shown as it is.", c.Output.Name),
		Readings: []Reading{asKind(kind, title, "a sigmoid that is scaled bounds a quantity"), other},
	})
}

// doubtEqual says that all classes got the same probability.
func (c *Card) doubtEqual(f *Facts) {
	readings := []Reading{asActivation(c.Output.Activation)}
	for _, a := range []score.Activation{score.Softmax, score.Sigmoid, score.Identity} {
		if a != c.Output.Activation {
			readings = append(readings, asActivation(a))
		}
	}
	c.doubt(f, Doubt{
		Key: "activation",
		Text: fmt.Sprintf("All %d values of %q were equal in a trial run, so that every class got the same probability: they are probably no scores of classes, or the picture does not reach them.",
			c.Output.Classes, c.Output.Name),
		Readings: readings,
	})
}

// doubtSums says that what should be a softmax does not sum to 1.
func (c *Card) doubtSums(f *Facts, sum float64) {
	c.doubt(f, Doubt{
		Key: "activation",
		Text: fmt.Sprintf("The graph makes %q by a softmax, but in a trial run the classes summed to %.3g instead of 1: they are probably probabilities that the graph changes afterwards, and are taken as they are, each class for itself.",
			c.Output.Name, sum),
		Readings: []Reading{asActivation(score.Identity), asActivation(score.Softmax), asActivation(score.Sigmoid)},
	})
}

// doubtBounded says that values look like probabilities by name and range only.
func (c *Card) doubtBounded(f *Facts) {
	c.doubt(f, Doubt{
		Key: "activation",
		Text: fmt.Sprintf("The values of %q lay between 0 and 1 in a trial run, and the end of the graph does not say how they come about: they are probably probabilities, each class for itself.",
			c.Output.Name),
		Readings: []Reading{asActivation(score.Identity), asActivation(score.Softmax), asActivation(score.Sigmoid)},
	})
}

// doubtStrip says that a map of one row or column may be steps of text.
func (c *Card) doubtStrip(f *Facts) {
	o := &c.Output
	sequence, columns := asKind(score.Sequence, "a sequence", "a reader of text gives the scores of characters step by step"), o.Axis < len(o.Shape)-1
	sequence.Choices.Columns = &columns
	c.doubt(f, Doubt{
		Key:  "kind",
		Text: fmt.Sprintf("The output %q has %d classes at %d places in one line: it is probably a sequence, as of a reader of text.", o.Name, o.Classes, o.Steps()),
		Readings: []Reading{
			sequence,
			asKind(score.Segmentation, "a segmentation", "scores of every place, which are summed"),
		},
	})
}

// doubtMap says that one value per pixel may be a score or a quantity.
func (c *Card) doubtMap(f *Facts) {
	c.doubt(f, Doubt{
		Key:  "kind",
		Text: fmt.Sprintf("The output %q holds one value per pixel, none below 0: it is probably a quantity such as a depth, and its sum is explained.", c.Output.Name),
		Readings: []Reading{
			asKind(score.Dense, "a map of values", "a quantity per pixel, such as a depth"),
			asKind(score.Segmentation, "a segmentation of one class", "raw scores of one class"),
		},
	})
}

// doubtColumns says that the columns of selected boxes follow a convention.
func (c *Card) doubtColumns(f *Facts) {
	d := c.Output.Selected
	c.doubt(f, Doubt{
		Key: "class",
		Text: fmt.Sprintf("Every row of %q is a selected box; number %d is probably its score and number %d its class, as is usual.",
			c.Output.Name, d.Score+1, d.Class+1),
		Readings: []Reading{
			columnsReading(d.Score, d.Class, ""), columnsReading(4, 5, "box, score, class: Ultralytics"),
			columnsReading(1, 0, "class, score, box: PaddleDetection"), columnsReading(5, 4, "box, class, score"),
		},
	})
}

func columnsReading(place, class int, title string) Reading {
	if title == "" {
		title = fmt.Sprintf("score at %d, class at %d", place, class)
	}
	return Reading{Title: title, Why: "the order of the numbers of a box", Choices: Choices{Kind: score.Selection, ScoreColumn: &place, ClassColumn: &class}}
}

// doubtCount says that the number of classes is that of the numbers seen.
func (c *Card) doubtCount(f *Facts) {
	c.doubt(f, Doubt{
		Key: "labels",
		Text: fmt.Sprintf("How many classes %q has is not said: class %d was the highest in a trial run, so there are probably %d. Give the names of all classes to settle it.",
			c.Output.Name, c.Output.Classes-1, c.Output.Classes),
	})
}

// doubtSets says that there are several sets of boxes, of which one is read.
func (c *Card) doubtSets(f *Facts, taken *boxGroup, others []*boxGroup) {
	names, readings := make([]string, len(others)), []Reading{taken.reading()}
	for i, g := range others {
		names[i] = fmt.Sprintf("%q", g.boxes.Port.Name)
		readings = append(readings, g.reading())
	}
	c.doubt(f, Doubt{
		Key: "output",
		Text: fmt.Sprintf("There are boxes in several outputs. Those of %q are read, probably objects of one size, and what is found in %s counts for nothing.",
			taken.boxes.Port.Name, strings.Join(names, ", ")),
		Readings: readings,
	})
}

// reading is the reading of one set of boxes of several.
func (g *boxGroup) reading() Reading {
	return Reading{Title: fmt.Sprintf("boxes of %q", g.boxes.Port.Name), Why: "one of the sets", Choices: Choices{Output: g.scores.Port.Name}}
}

// doubtBoxes says that two tables of four numbers are boxes and scores.
func (c *Card) doubtBoxes(f *Facts, scores, boxes string) {
	c.doubt(f, Doubt{
		Key:      "output",
		Text:     fmt.Sprintf("%q and %q both hold four numbers per row: the first is probably the scores, the second the boxes.", scores, boxes),
		Readings: []Reading{{Title: fmt.Sprintf("scores in %q", scores), Choices: Choices{Output: scores}}, {Title: fmt.Sprintf("scores in %q", boxes), Choices: Choices{Output: boxes}}},
	})
}

// guessed is how the origin of a guess begins.
const guessed = "guess"

// Guesses are what was guessed about how pictures are prepared, in a few words
// each, in the order of the steps: "RGB", "stretch", "÷255". They stand until the
// user settles them: by saying otherwise, by a preset, or by [Card.Agreed].
func (c *Card) Guesses() []string {
	var list []string
	for _, key := range PreprocessKeys {
		if !strings.HasPrefix(c.Origins["preprocess."+key], guessed) {
			continue
		}
		if text := inShort(key, c.Preprocess); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// inShort is what a key says, "" where it says that nothing happens.
func inShort(key string, p preprocess.Preprocess) string {
	switch key {
	case "color":
		return strings.ToUpper(p.Color)
	case "channels":
		if len(p.Channels) > 0 {
			return preprocess.ListChannels(p.Channels)
		}
	case "resize":
		return p.Resize.Mode
	case "scale":
		return scaling(p.Scale)
	case "mean":
		return listed("mean", p.Mean)
	case "std":
		return listed("deviation", p.Std)
	}
	return ""
}

// scaling writes factor and offset as people know them: "÷255", "÷127.5 − 1".
func scaling(scale [2]float64) string {
	short := func(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
	text := "× " + short(scale[0])
	if scale[0] > 0 && scale[0] < 1 {
		text = "÷" + short(1/scale[0])
	}
	switch {
	case scale == [2]float64{1, 0}:
		return "raw values"
	case scale[1] < 0:
		text += " − " + short(-scale[1])
	case scale[1] > 0:
		text += " + " + short(scale[1])
	}
	return text
}

func listed(name string, values preprocess.Values) string {
	if len(values) == 0 {
		return ""
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprintf("%.3g", v)
	}
	return name + " " + strings.Join(parts, ", ")
}

// Agreed is a copy of the card whose guesses the user has said to be right.
func (c *Card) Agreed() Card {
	out := c.Clone()
	out.settleGuesses(PreprocessKeys)
	return out
}

// settleGuesses notes that the user has said the values of some keys, where they
// were guesses. When none is left, nothing needs to be warned of.
func (c *Card) settleGuesses(keys []string) {
	for _, key := range keys {
		if strings.HasPrefix(c.Origins["preprocess."+key], guessed) {
			c.Say("preprocess."+key, byUser)
		}
	}
	if len(c.Guesses()) == 0 {
		c.Warnings = slices.DeleteFunc(slices.Clone(c.Warnings), func(w Warning) bool { return w.Kind == Guessed })
	}
}

// Follows reports whether pictures are prepared as a preset says, whoever said
// so.
func (c *Card) Follows(preset preprocess.Preset) bool {
	var now, by preprocess.Preprocess
	all := preset.Preprocess(c.Input)
	for _, field := range preprocessFields() {
		if !field.own {
			field.move(&now, c.Preprocess)
			field.move(&by, all)
		}
	}
	return reflect.DeepEqual(lean(now), lean(by))
}

// lean has nil for empty lists, which mean the same.
func lean(p preprocess.Preprocess) preprocess.Preprocess {
	for _, list := range []*preprocess.Values{&p.Mean, &p.Std} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	if len(p.Clip) == 0 {
		p.Clip = nil
	}
	if len(p.Channels) == 0 {
		p.Channels = nil
	}
	return p
}
