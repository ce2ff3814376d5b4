package opened

import (
	"fmt"
	"strings"

	"picasso/backend"
	"picasso/backend/metadata"
	"picasso/ui/control"
)

// Details implements [control.Describer].
func (m model) Details() []control.Fact {
	s := m.Summary()
	program, format := s.MadeBy()
	gradient := s.Gradient.String()
	for _, b := range s.Gradient.Blockers {
		gradient += "\nnot: " + b
	}
	return []control.Fact{
		fact("File", m.Path, ""),
		fact("Size", fileSize(s.Bytes), ""),
		fact("SHA-256", s.SHA256, ""),
		fact("Exported by", program, format),
		fact("Inputs", ports(s.Inputs), "the picture goes into "+s.Image.Name),
		fact("Outputs", ports(s.Outputs), "scores come from "+s.Score.Output),
		fact("Graph", fmt.Sprintf("%d nodes, %d parameters", s.Nodes, s.Parameters), ""),
		fact("Operators", s.OperatorList(), ""),
		fact("Gradient", gradient, strings.Join(m.GradientNotes(), " ")),
		fact("Runs on", m.Provider(), laneWords(m.Lanes())),
	}
}

// laneWords tell how batches are run, where that was measured.
func laneWords(l backend.Lanes) string {
	switch {
	case l.Gain <= 0:
		return ""
	case l.Count > 1:
		return fmt.Sprintf("batches in %d parallel runs of one thread each, measured %.2f times as fast as one run with all threads", l.Count, l.Gain)
	}
	return fmt.Sprintf("batches in one run with all threads; parallel runs of one thread each were measured %.2f times as fast", l.Gain)
}

func fileSize(bytes int64) string {
	switch {
	case bytes == 0:
		return "unknown"
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.1f kB", float64(bytes)/(1<<10))
}

// ports lists inputs or outputs, a line each.
func ports(list []metadata.PortSummary) string {
	lines := make([]string, len(list))
	for i, p := range list {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
