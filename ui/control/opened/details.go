package opened

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"picasso/backend"
	"picasso/backend/onnx"
	"picasso/ui/control"
)

// Details implements [control.Describer].
func (m model) Details() []control.Fact {
	f := m.File
	facts := []control.Fact{
		fact("File", m.Path, ""),
		fact("Size", fileSize(m.Path), ""),
		fact("SHA-256", m.SHA256, ""),
		fact("Exported by", orUnknown(f.Producer), fmt.Sprintf("IR version %d, operator sets %s", f.IRVersion, opsets(f.Opsets))),
		fact("Inputs", ports(f.Graph.Feeds()), "the picture goes into "+m.Input.Name),
		fact("Outputs", ports(f.Graph.Outputs), "scores come from "+m.Output.Name),
		fact("Graph", fmt.Sprintf("%d nodes, %d parameters", len(f.Graph.Nodes), parameters(f.Graph)), ""),
		fact("Operators", operators(f.Graph), ""),
		fact("Gradient", coverage(m.Model), strings.Join(m.GradientNotes(), " ")),
		fact("Runs on", m.Provider(), laneWords(m.Lanes())),
	}
	return facts
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

func fileSize(path string) string {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "unknown"
	case info.Size() >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(info.Size())/(1<<20))
	}
	return fmt.Sprintf("%.1f kB", float64(info.Size())/(1<<10))
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown exporter"
	}
	return s
}

func opsets(m map[string]int64) string {
	var out []string
	for _, domain := range slices.Sorted(maps.Keys(m)) {
		name := domain
		if name == "" {
			name = "ai.onnx"
		}
		out = append(out, fmt.Sprintf("%s %d", name, m[domain]))
	}
	return strings.Join(out, ", ")
}

// ports lists values with type and shape, a line each.
func ports(values []*onnx.Value) string {
	lines := make([]string, len(values))
	for i, v := range values {
		dims := make([]string, len(v.Shape))
		for j, d := range v.Shape {
			switch {
			case d.Size >= 0:
				dims[j] = fmt.Sprint(d.Size)
			case d.Symbol != "":
				dims[j] = d.Symbol
			default:
				dims[j] = "?"
			}
		}
		lines[i] = fmt.Sprintf("%s: %v, %s", v.Name, v.Type, strings.Join(dims, "×"))
	}
	return strings.Join(lines, "\n")
}

func parameters(g *onnx.Graph) int64 {
	n := int64(0)
	for _, t := range g.Initializers {
		n += t.Elements()
	}
	return n
}

// operators counts the operators, the most frequent first.
func operators(g *onnx.Graph) string {
	counts := map[string]int{}
	for _, n := range g.Nodes {
		name := n.OpType
		if n.Domain != "" {
			name = n.Domain + "." + name
		}
		counts[name]++
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if d := counts[b] - counts[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s ×%d", name, counts[name])
	}
	return strings.Join(names, ", ")
}

// coverage tells how much of the way from picture to score has exact gradients.
func coverage(m *backend.Model) string {
	c, err := m.GradientCoverage()
	if err != nil {
		return err.Error()
	}
	if c.Total == 0 {
		if err := m.CheckGradient(); err != nil {
			return "none: " + err.Error()
		}
		return "the scores are values of the picture itself"
	}
	text := fmt.Sprintf("%d of %d nodes on the path are differentiable", c.Differentiable, c.Total)
	for _, b := range c.Blockers {
		text += "\nnot: " + b.Error()
	}
	return text
}
