package backend

import (
	"os"
	"strings"

	"picasso/backend/metadata"
	"picasso/backend/picture"
)

// Summary describes the model: its file, what was found out about its use, and
// how far it can be differentiated.
func (m *Model) Summary() metadata.Summary {
	card := m.Known()
	s := metadata.Summarize(m.File, &card)
	s.Path, s.SHA256 = picture.Said(m.Path), m.SHA256
	if info, err := os.Stat(m.Path); err == nil {
		s.Bytes = info.Size()
	}
	s.Gradient.Blockers = []string{}
	c, err := m.GradientCoverage()
	if err != nil {
		s.Gradient.Blockers = append(s.Gradient.Blockers, oneLine(err))
		return s
	}
	s.Gradient.Nodes, s.Gradient.Differentiable = c.Total, c.Differentiable
	if c.Total == 0 {
		if err := m.CheckGradient(); err != nil {
			s.Gradient.Blockers = append(s.Gradient.Blockers, oneLine(err))
		}
	}
	for _, b := range c.Blockers {
		s.Gradient.Blockers = append(s.Gradient.Blockers, oneLine(&b))
	}
	return s
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
