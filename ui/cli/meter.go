package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"picasso/backend/visible"
	"picasso/visualizers"
)

// meter writes one line of progress on a terminal, and nothing elsewhere.
type meter struct {
	env   Env
	label string
	last  time.Time
	width int
}

func newMeter(env Env, label string) *meter { return &meter{env: env, label: label} }

// show is called with every partial result; it writes ten times a second at
// most.
func (m *meter) show(r visualizers.Result) { m.stage(r.Stage, r.Done) }

// stage is show for what is done before there is any result.
func (m *meter) stage(stage string, done float64) {
	if now := time.Now(); m.env.Progress && now.Sub(m.last) >= 100*time.Millisecond {
		m.last = now
		line := visible.Text(fmt.Sprintf("%s %3.0f %% %s", m.label, 100*done, stage))
		fmt.Fprintf(m.env.Stderr, "\r%-*s", m.width, line)
		m.width = max(m.width, len(line))
	}
}

// clear removes the line.
func (m *meter) clear() {
	if m.width > 0 {
		fmt.Fprintf(m.env.Stderr, "\r%s\r", strings.Repeat(" ", m.width))
		m.width = 0
	}
}

// tellCost says on standard error what a run will take that takes long.
func tellCost(ctx context.Context, env Env, m visualizers.Subject, v visualizers.Visualizer, values visualizers.Values, s subject) error {
	p, ok := v.(visualizers.Previewer)
	if !ok {
		return nil
	}
	cost := p.Preview(m, values)
	if cost.Long() && cost.Learn != nil {
		if err := cost.Learn(ctx); err != nil {
			return err
		}
		cost = p.Preview(m, values)
	}
	if cost.Long() {
		fmt.Fprintf(env.Stderr, "picasso: %s: %s: %s\n", visible.Text(s.said), v.Info().ID, cost)
	}
	return nil
}
