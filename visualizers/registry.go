package visualizers

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// registered holds every visualizer linked into the program. Only init
// functions write it.
var registered []Visualizer

// Register adds a visualizer; its file calls it from init. A second
// visualizer with the same id is a programming error and panics.
func Register(v Visualizer) {
	id := v.Info().ID
	for _, other := range registered {
		if other.Info().ID == id {
			panic(fmt.Sprintf("visualizer %q is registered twice", id))
		}
	}
	registered = append(registered, v)
}

// All lists every visualizer by group, then by Order, then by id.
func All() []Visualizer {
	all := slices.Clone(registered)
	slices.SortFunc(all, func(a, b Visualizer) int { return compare(a.Info(), b.Info()) })
	return all
}

func compare(x, y Info) int {
	place := func(i Info) int { return slices.Index(Groups(), i.Group) }
	return cmp.Or(place(x)-place(y), x.Order-y.Order, strings.Compare(x.ID, y.ID))
}

// UnknownError says that no visualizer has the id.
type UnknownError struct {
	ID    string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no visualizer %q%s; choose %s", e.ID, suggest(e.ID, e.Known), enumerate(e.Known))
}

// Check validates a set of visualizers: complete information, unique ids and
// keys, documented settings whose defaults pass their own checks and survive
// being written and read.
func Check(set []Visualizer) error {
	seen := map[string]bool{}
	var errs []error
	for _, v := range set {
		info := v.Info()
		if seen[info.ID] {
			errs = append(errs, fmt.Errorf("visualizer %q occurs twice", info.ID))
		}
		seen[info.ID] = true
		if info.ID == "" || info.Title == "" || info.About == "" || info.Link == "" {
			errs = append(errs, fmt.Errorf("visualizer %q: id, title, about and link must be given", info.ID))
		}
		if !slices.Contains(Groups(), info.Group) {
			errs = append(errs, fmt.Errorf("visualizer %q: there is no group %q", info.ID, info.Group))
		}
		errs = append(errs, checkSettings(v)...)
	}
	return errors.Join(errs...)
}

func checkSettings(v Visualizer) (errs []error) {
	seen := map[string]bool{}
	for _, set := range v.Settings() {
		if err := checkSetting(set); err != nil {
			errs = append(errs, fmt.Errorf("visualizer %q: %w", v.Info().ID, err))
		}
		if seen[set.Key()] {
			errs = append(errs, fmt.Errorf("visualizer %q: setting %q occurs twice", v.Info().ID, set.Key()))
		}
		seen[set.Key()] = true
	}
	for _, set := range v.Settings() {
		if only := set.Spec().Only; only != nil {
			if err := checkCondition(v, *only); err != nil {
				errs = append(errs, fmt.Errorf("visualizer %q: setting %q matters only with %s, but %w", v.Info().ID, set.Key(), only, err))
			}
		}
	}
	return errs
}

// checkCondition refuses a condition that never holds.
func checkCondition(v Visualizer, only When) error {
	set, err := setting(v, only.Key)
	if err != nil {
		return err
	}
	_, err = set.Parse(only.Is)
	return err
}

func checkSetting(set Setting) error {
	if set.Key() == "" || set.Label() == "" || set.Help() == "" {
		return fmt.Errorf("setting %q: key, title and doc must be given", set.Key())
	}
	initial := set.Initial(nil)
	if err := set.Check(initial); err != nil {
		return fmt.Errorf("default: %w", err)
	}
	again, err := set.Parse(set.Format(initial))
	if err != nil {
		return fmt.Errorf("default: %w", err)
	}
	if again != initial {
		return fmt.Errorf("setting %q: default %v is read back as %v", set.Key(), initial, again)
	}
	return nil
}
