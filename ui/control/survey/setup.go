package survey

import (
	"fmt"
	"strings"

	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/auditing"
	"picasso/ui/control"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/labels"
)

// Setup is what an audit is to be about.
type Setup struct {
	Folder  string        // that all pictures lie in; "" while none is chosen
	Paths   []string      // those of them that are audited; nil for all below Folder
	Method  string        // id; "" chooses one
	Class   string        // that is explained, by its name or number; "" for the answer to each picture
	Labels  string        // "", [ByFolder], or a path
	Policy  labels.Policy // of labels that leave something open
	Renamed []string      // "label=class", of labels that the model calls otherwise
	Masks   string        // folder, "" for none
	Out     string        // folder that the audit is kept in; "" for a temporary one
}

// ByFolder stands for labels that are the names of folders.
const ByFolder = "folders"

// usualPolicy is how labels are read unless something else is chosen.
var usualPolicy = labels.Policy{Uncertain: "ignore", Blank: "zero"}

// Ready reports whether there is something to audit.
func (s Setup) Ready() bool { return s.Folder != "" }

// explained is the class in the words of a job.
func (s Setup) explained() string {
	if strings.TrimSpace(s.Class) == "" {
		return audit.PredictedName
	}
	return s.Class
}

// ClassAt is what stands for class k in a setup: its number, for names may be alike;
// "" for none.
func (s *Controller) ClassAt(k int) string {
	if k < 0 || k >= len(s.state.Classes) {
		return ""
	}
	return fmt.Sprint(k)
}

// class finds the class of the setup, −1 for the answer to each picture.
func (s *Controller) class() (int, error) {
	text := s.state.Setup.explained()
	if text == audit.PredictedName || s.model == nil {
		return audit.Predicted, nil
	}
	t, err := score.ParseTarget(text, s.model, score.Scores{}, score.Probability)
	if err != nil || len(t) != 1 || t[0].Against != score.NoClass {
		return audit.Predicted, fmt.Errorf("“%s” is no class of this model; give the name or the number of one", visible.Text(text))
	}
	return t[0].Class, nil
}

// ClassNumber is the class that is explained, −1 for the answer to each picture.
func (s *Controller) ClassNumber() int {
	k, _ := s.class()
	return k
}

// ClassFault says what is wrong with the class that was typed, "" for nothing.
func (s *Controller) ClassFault() string {
	if _, err := s.class(); err != nil {
		return err.Error()
	}
	return ""
}

// RenamedFault says what is wrong with the names of labels, "" for nothing.
func (s *Controller) RenamedFault() string {
	for _, pair := range s.state.Setup.Renamed {
		if label, class, ok := strings.Cut(pair, "="); !ok || label == "" || class == "" {
			return fmt.Sprintf("“%s”: write label=class, first the word of the labels, then that of the model", visible.Text(pair))
		}
	}
	return ""
}

// Barred says why the open model cannot be audited at all, or nil.
func (s *Controller) Barred() error {
	if m := s.c.State().Model; m != nil && visualizers.DepthOf(m) > 0 {
		return auditing.ErrVolumes
	}
	return nil
}

// Complete reports whether an audit can be begun as it is set up.
func (s *Controller) Complete() bool {
	return s.state.Setup.Ready() && s.c.State().Model != nil && s.Barred() == nil && s.ClassFault() == "" && (s.state.Setup.Labels == "" || s.RenamedFault() == "")
}

// classes are the names of a model's classes.
func classes(m control.Model) []string {
	var names []string
	for k := range m.Classes() {
		names = append(names, m.ClassName(k))
	}
	return names
}
