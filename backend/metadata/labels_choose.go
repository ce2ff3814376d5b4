package metadata

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/score"
)

// ChooseLabels takes the first list whose length is that of the classes.
func (c *Card) ChooseLabels(f *Facts) error {
	for _, l := range f.Labels {
		names, err := fitLabels(l.Names, c.Output)
		if err == nil {
			c.Labels = names
			c.Say("labels", l.Origin)
			return nil
		}
		if l.explicit {
			return fmt.Errorf("%s: %w", l.Origin, err)
		}
		c.Warn(fmt.Sprintf("The labels of %s are not used: %v.", l.Origin, err))
	}
	c.Say("labels", "none found")
	return nil
}

// withoutHead leaves comments out, or a line that heads the list, where the
// rest then is n labels.
func withoutHead(names []string, n int) []string {
	heads := []string{"label", "labels", "class", "classes", "name", "names", "class_name", "class_names", "category", "categories"}
	for _, drop := range []func(name string) bool{
		func(name string) bool { return strings.HasPrefix(name, "#") },
		func(name string) bool { return name == names[0] && slices.Contains(heads, strings.ToLower(name)) },
	} {
		if rest := slices.DeleteFunc(slices.Clone(names), drop); len(rest) == n {
			return rest
		}
	}
	return names
}

// SpaceLabel is the label of the space among the characters that a reader of
// text knows.
const SpaceLabel = "space"

// fitLabels checks the number of labels. A binary model may have one label,
// that of "yes".
func fitLabels(names []string, out score.Output) ([]string, error) {
	n := out.Classes
	if len(names) > n {
		names = withoutHead(names, n)
	}
	switch {
	case len(names) == n:
		return names, nil
	case out.Binary && len(names) == 1:
		return []string{"no " + names[0], names[0]}, nil
	case out.Kind == score.Selection && len(names)+out.Selected.First == n:
		return append(slices.Repeat([]string{"background"}, out.Selected.First), names...), nil
	case out.Kind == score.Sequence && len(names) == n+1 && names[n] == SpaceLabel:
		return names[:n], nil // a reader that was trained without the space
	case len(names) == n+1:
		return nil, fmt.Errorf("there are %d labels for %d classes; if the first is a background class, remove it", len(names), n)
	}
	return nil, fmt.Errorf("there are %d labels for %d classes; use the list that the model was trained with", len(names), n)
}
