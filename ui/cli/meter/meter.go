// Package meter writes one line of progress on a terminal.
package meter

import (
	"fmt"
	"io"
	"strings"
	"time"

	"picasso/backend/visible"
	"picasso/visualizers"
)

// Meter is a line of progress. It is for one goroutine.
type Meter struct {
	w     io.Writer
	on    bool
	label string
	last  time.Time
	width int
}

// New makes a meter that writes to w where on, and nothing elsewhere.
func New(w io.Writer, on bool, label string) *Meter { return &Meter{w: w, on: on, label: label} }

// Show is called with every partial result.
func (m *Meter) Show(r visualizers.Result) { m.Stage(r.Stage, r.Done) }

// Stage tells what is being done, and which share of it was; it writes ten times a
// second at most.
func (m *Meter) Stage(stage string, done float64) {
	if now := time.Now(); m.on && now.Sub(m.last) >= 100*time.Millisecond {
		m.last = now
		line := visible.Text(fmt.Sprintf("%s %3.0f %% %s", m.label, 100*done, stage))
		fmt.Fprintf(m.w, "\r%-*s", m.width, line)
		m.width = max(m.width, len(line))
	}
}

// Clear removes the line.
func (m *Meter) Clear() {
	if m.width > 0 {
		fmt.Fprintf(m.w, "\r%s\r", strings.Repeat(" ", m.width))
		m.width = 0
	}
}
