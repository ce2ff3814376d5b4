package backend

import "fmt"

// chooseLabels takes the first list whose length is that of the classes.
func (m *Model) chooseLabels(f *facts) error {
	for _, l := range f.labels {
		names, err := fitLabels(l.names, m.Output)
		if err == nil {
			m.Labels = names
			m.say("labels", l.origin)
			return nil
		}
		if l.explicit {
			return fmt.Errorf("%s: %w", l.origin, err)
		}
		m.warn(fmt.Sprintf("The labels of %s are not used: %v.", l.origin, err))
	}
	m.say("labels", "none found")
	return nil
}

// fitLabels checks the number of labels. A binary model may have one label,
// that of "yes".
func fitLabels(names []string, out OutputSpec) ([]string, error) {
	n := out.Classes
	switch {
	case len(names) == n:
		return names, nil
	case out.Binary && len(names) == 1:
		return []string{"no " + names[0], names[0]}, nil
	case len(names) == n+1:
		return nil, fmt.Errorf("there are %d labels for %d classes; if the first is a background class, remove it", len(names), n)
	}
	return nil, fmt.Errorf("there are %d labels for %d classes; use the list the model was trained with", len(names), n)
}
