package script

import (
	"fmt"
	"net/url"
	"regexp"

	"picasso/visualizers/script/wire"
)

// Names end up in file names, on command lines and in forms.
var (
	validID  = regexp.MustCompile(`^[a-z0-9][a-z0-9+-]{0,47}$`)
	validKey = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
)

// Bounds of what a declaration may hold.
const (
	maxTitle    = 60
	maxWords    = 2000
	maxSettings = 40
	maxOptions  = 200
	maxNumber   = 1e9
	maxOrder    = 1_000_000
)

// check refuses a declaration that the program could not show.
func (s *Script) check(d *wire.Declaration) error {
	link, err := url.Parse(d.Link)
	switch {
	case !validID.MatchString(d.ID):
		return fmt.Errorf("the id %q must consist of lower-case letters, digits and hyphens, like \"my-method\"", cut(d.ID, 60))
	case d.Title == "" || len(d.Title) > maxTitle:
		return fmt.Errorf("the title must have from 1 to %d characters", maxTitle)
	case d.About == "" || len(d.About) > maxWords:
		return fmt.Errorf("about must say in one or two sentences what the visualization shows")
	case err != nil || (link.Scheme != "https" && link.Scheme != "http") || link.Host == "" || len(d.Link) > maxWords:
		return fmt.Errorf("the link %q is not a web address; give the paper or page behind the method", cut(d.Link, 60))
	case len(d.Settings) > maxSettings:
		return fmt.Errorf("%d settings are too many; at most %d", len(d.Settings), maxSettings)
	case len(d.Returns) == 0 || len(d.Returns) > maxSettings || len(d.Needs) > maxSettings:
		return fmt.Errorf("returns must name the kinds of results")
	case len(d.Unit) > maxWords || len(d.Positive) > maxWords || d.Order < -maxOrder || d.Order > maxOrder:
		return fmt.Errorf("unit, positive or order is too large")
	}
	for _, w := range d.Settings {
		if err := checkSetting(w); err != nil {
			return fmt.Errorf("setting %q: %w", cut(w.Key, 60), err)
		}
	}
	return nil
}

func checkSetting(w wire.Setting) error {
	switch {
	case !validKey.MatchString(w.Key):
		return fmt.Errorf("a key is a word in lower-case letters")
	case w.Doc == "":
		return fmt.Errorf("doc must say in one sentence what it does")
	case len(w.Title) > maxTitle || len(w.Doc) > maxWords || len(w.Unit) > maxTitle:
		return fmt.Errorf("title, doc or unit is too long")
	}
	switch w.Kind {
	case wire.SettingInt, wire.SettingFloat:
		if !(w.Min < w.Max && w.Min >= -maxNumber && w.Max <= maxNumber && w.Step > 0) {
			return fmt.Errorf("min must be below max, both within ±%g, and step above 0", float64(maxNumber))
		}
	case wire.SettingChoice:
		if len(w.Options) == 0 || len(w.Options) > maxOptions {
			return fmt.Errorf("from 1 to %d options", maxOptions)
		}
		for _, o := range w.Options {
			if o == "" || len(o) > maxTitle {
				return fmt.Errorf("every option is a word of at most %d characters", maxTitle)
			}
		}
	}
	return nil
}
