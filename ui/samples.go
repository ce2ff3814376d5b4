package ui

import (
	"path/filepath"
	"slices"
	"strings"

	"picasso/ui/control"
	"picasso/ui/control/settings"
	"picasso/ui/welcome"
)

// greeting stands before the story of the sample that the first start shows. The
// card itself does not come then, for it would hide the map.
const greeting = "Welcome! This is a sample: "

func (w *Window) showWelcome() {
	if w.welcome != nil {
		return
	}
	w.welcome = welcome.New(w.params.Samples, w.do, func(s Sample) {
		w.hideWelcome()
		w.openSample(s)
	}, w.hideWelcome)
	w.win.Canvas().Overlays().Add(w.welcome)
	w.welcome.Resize(w.win.Canvas().Size())
}

// hideWelcome closes the card, if it is there, and what was opened over it.
func (w *Window) hideWelcome() {
	if w.welcome == nil {
		return
	}
	if w.panel != nil {
		w.panel.Hide()
	}
	w.win.Canvas().Overlays().Remove(w.welcome)
	w.welcome = nil
}

// openSample unpacks a sample and opens it.
func (w *Window) openSample(s Sample) {
	var model string
	var images []string
	w.aside("open the sample “"+s.Name+"”", func() (err error) {
		model, images, err = s.Unpack()
		return err
	}, func() {
		w.c.OpenSample(model, images, s.First, s.Slice)
		w.tellStory(s)
	})
}

// tellStory says what there is to see in a sample, with a way to the one that is
// best compared with it, and to all. The first story of all greets.
func (w *Window) tellStory(s Sample) {
	known := w.c.Settings()
	known.Story = s.Name
	text := s.Name + ". " + s.About
	if !known.Welcomed {
		known.Welcomed = true
		text = greeting + text
		w.hint(welcome.Promise)
	}
	var offers []control.Offer
	for _, other := range w.params.Samples {
		if other.Name == s.Rival {
			offers = append(offers, control.Offer{Title: "Compare: " + other.Name, Take: func() { w.openSample(other) }})
		}
	}
	w.c.Say(text, append(offers, control.Offer{Title: "Samples…", Take: w.showWelcome})...)
}

// openSampleAgain opens the sample of the last time where it was left, with its
// story unless another model was open with its pictures.
func (w *Window) openSampleAgain() {
	s := w.c.Settings()
	own := len(s.Images) > 0 && strings.HasPrefix(s.Images[0], filepath.Dir(s.Model)+string(filepath.Separator))
	w.c.OpenSample(s.Model, slices.Clone(s.Images), lastShown(s), s.Slice)
	for _, sample := range w.params.Samples {
		if own && sample.Name == s.Story {
			w.tellStory(sample)
		}
	}
}

// lastShown is the picture, or the slice of a sample's series, that was looked at
// last.
func lastShown(s *settings.Settings) int {
	if i := slices.Index(s.Images, s.Shown); i >= 0 {
		return i
	}
	return s.Slice
}
