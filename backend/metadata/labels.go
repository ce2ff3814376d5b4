package metadata

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/labelfile"
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

// labelsBeside looks for label files in the model's folder, those named like
// the model first.
type labelsBeside struct{}

func (labelsBeside) Find(f *Facts) error {
	stem := filepath.Base(base(f.path))
	for _, name := range []string{
		stem + ".labels.txt", stem + ".labels", stem + ".labels.json", stem + ".labels.csv",
		stem + "_labels.txt", stem + ".txt", stem + ".csv", stem + ".names",
		"labels.txt", "labels.json", "labels.csv",
		"synset.txt", "synset_words.txt", "classes.txt", "classes.json", "classes.csv", "class_names.txt",
		"imagenet_class_index.json", "id2label.json",
	} {
		path := filepath.Join(filepath.Dir(f.path), name)
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		names, err := labelfile.Read(path)
		if err != nil {
			f.Warn("%v.", err)
			continue
		}
		f.Labels = append(f.Labels, LabelList{Names: names, Origin: name + " beside the model"})
	}
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
