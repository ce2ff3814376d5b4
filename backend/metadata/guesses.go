package metadata

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/preprocess"
)

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
