package drawing

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// Display says how a map is drawn. It never changes the numbers.
type Display struct {
	Colors     string  `json:"colors,omitempty"` // "" chooses by the map: signed or not
	Opacity    float64 `json:"opacity"`
	Threshold  float64 `json:"threshold"` // share of the range below which nothing is drawn
	Sign       string  `json:"sign"`      // "all", "positive", "negative", "absolute"
	Smooth     bool    `json:"smooth"`
	ScanSmooth bool    `json:"scan_smooth,omitempty"` // Smooth for scans: off, so that nothing is shown that was not computed
	Fade       bool    `json:"fade,omitempty"`        // opacity grows with the magnitude
	Clip       float64 `json:"clip,omitempty"`        // share of extreme values left out of the scale
	Locked     *Range  `json:"locked,omitempty"`      // the scale, where it is held
	Picture    string  `json:"picture,omitempty"`     // "colour", "grey"; "" chooses by the picture
	Contours   bool    `json:"contours,omitempty"`    // lines of equal value instead of areas
}

// Smoothed reports whether values between the map's own are drawn, over a scan or
// another picture.
func (d Display) Smoothed(scan bool) bool {
	if scan {
		return d.ScanSmooth
	}
	return d.Smooth
}

// Range is a scale of values.
type Range struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

// Default is the way the maps of a visualizer are drawn before anyone
// changes it. Maps fade towards zero, so that the picture shows where nothing
// is to be told. Gradients, which speak about logits, are spiky: a few hot
// pixels do not set their scale.
func Default(v visualizers.Info) Display {
	d := Display{Opacity: 0.8, Sign: "all", Smooth: true, Fade: true}
	if v.Score == score.Logit {
		d.Opacity, d.Clip = 0.9, 0.01
	}
	return d
}

// Valid reports whether all values lie in their ranges.
func (d Display) Valid() bool {
	return d.Opacity >= 0 && d.Opacity <= 1 && d.Threshold >= 0 && d.Threshold <= 1 && d.Clip >= 0 && d.Clip < 0.5 &&
		(d.Locked == nil || d.Locked.Lo <= d.Locked.Hi)
}

// Style is how m is drawn over a scan or another picture: signed maps in a
// diverging palette around zero, maps with a natural scale on that scale. Maps
// of separate cells and those with a natural scale do not fade.
func (d Display) Style(m visualizers.Map, scan bool) render.Style {
	s := render.Style{
		Colors: d.Colors, Opacity: d.Opacity, Threshold: d.Threshold,
		Sign: signs()[d.Sign], Signed: m.Signed, Cells: m.Cells || !d.Smoothed(scan), Robust: d.Clip,
		Contours: d.Contours, Soften: m.Step,
	}
	if d.Fade && m.Fixed == nil && !m.Cells {
		s.Alpha = render.ByMagnitude
	}
	switch {
	case d.Locked != nil:
		s.Range = &render.Range{Lo: d.Locked.Lo, Hi: d.Locked.Hi}
	case m.Fixed != nil:
		s.Range = &render.Range{Lo: m.Fixed[0], Hi: m.Fixed[1]}
	case m.Of != nil:
		s.Range = wholeRange(m.Of, s)
	}
	return s
}

// wholeRange is the range of the map of a volume, for all that is cut out of it.
func wholeRange(of *visualizers.Whole, s render.Style) *render.Range {
	type kind struct {
		symmetric bool
		share     float64
	}
	k := kind{s.Signed || s.Sign == render.Absolute, s.Robust}
	lo, hi := of.Ends(k, func(m visualizers.Map) (lo, hi float64) {
		f, zeros := known(Field(m))
		r := render.RobustRange(f, k.symmetric, k.share)
		if zeros {
			r.Lo, r.Hi = min(r.Lo, 0), max(r.Hi, 0)
		}
		return r.Lo, r.Hi
	})
	return &render.Range{Lo: lo, Hi: hi}
}

// known is a field whose zeros are unknown, and whether there were any: most of a
// volume is often air, of which a share of extreme values would be a share of nothing.
func known(f render.Field) (known render.Field, zeros bool) {
	f.Values = slices.Clone(f.Values)
	for i, v := range f.Values {
		if v == 0 {
			f.Values[i], zeros = float32(math.NaN()), true
		}
	}
	return f, zeros
}

// Follows reports whether the scale of a map follows values: those of the map itself,
// or of the whole volume that it was cut out of.
func (d Display) Follows(m visualizers.Map) (own, whole bool) {
	free := d.Locked == nil && m.Fixed == nil
	return free && m.Of == nil, free && m.Of != nil
}

func signs() map[string]render.Sign {
	return map[string]render.Sign{
		"all": render.All, "positive": render.Positive, "negative": render.Negative, "absolute": render.Absolute,
	}
}

// Words are what a reader must know of how a map is drawn over a picture of some
// colourfulness: what is hidden, cut off, or between the computed values.
func (d Display) Words(m visualizers.Map, scan bool, colourfulness float64) []string {
	var said []string
	say := func(on bool, text string) {
		if on {
			said = append(said, text)
		}
	}
	style := d.Style(m, scan)
	say(scan && style.Cells, "drawn as computed")
	say(!style.Cells, "interpolated for display")
	say(d.Contours, "lines of equal value, five from zero to the end of the scale")
	say(d.Sign == "positive", "only positive values are drawn")
	say(d.Sign == "negative", "only negative values are drawn")
	say(d.Sign == "absolute", "magnitudes without their sign")
	say(d.Threshold > 0, fmt.Sprintf("nothing is drawn below %s of the scale", share(d.Threshold)))
	own, whole := d.Follows(m)
	say(whole, "the scale is that of the whole volume")
	say(own && d.Clip > 0, fmt.Sprintf("the most extreme %s of the values take the colours at the ends", share(d.Clip)))
	say(whole && d.Clip > 0, fmt.Sprintf("the most extreme %s of its values other than 0 take the colours at the ends", share(d.Clip)))
	say(d.Locked != nil, "the scale was held by the user")
	say(style.Alpha == render.ByMagnitude && style.Signed, "fades towards zero")
	say(style.Alpha == render.ByMagnitude && !style.Signed, "fades towards the low end")
	say(colourfulness > 0 && d.Greyed(colourfulness), "the picture under it is shown in grey")
	return said
}

// share writes a share that was set, with no more digits than it has.
func share(v float64) string { return strconv.FormatFloat(math.Round(1e4*v)/100, 'f', -1, 64) + " %" }
