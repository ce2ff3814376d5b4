// Package pace tells from partial results how fast a run is and how long it will
// take.
package pace

import "time"

// Progress is what the progress line tells of a run.
type Progress struct {
	Stage  string  // what is being done
	Done   float64 // share of the work, 0…1
	Passes int     // images run through the model so far
	Total  int     // images there will be, 0 when unknown
	Rate   float64 // images a second, 0 when unknown
	Left   time.Duration
}

// Meter measures a run. The clock starts with the first partial result, for
// what comes before it (the untouched image, warming up) says little about
// the rest.
type Meter struct {
	start  time.Time
	from   time.Time
	passes int
	done   float64
	paused bool
}

// New is a meter of a run that begins now.
func New(now time.Time) Meter { return Meter{start: now} }

// Update takes a partial result: what is being done, the share of the work, and
// the images run through the model so far.
func (m *Meter) Update(now time.Time, stage string, done float64, passes int) Progress {
	p := Progress{Stage: stage, Done: min(max(done, 0), 1), Passes: passes}
	if done > 0 && passes > 0 {
		p.Total = max(passes, int(float64(passes)/p.Done+0.5))
	}
	if m.paused { // what was waited for says nothing about the rest
		m.from, m.passes, m.done, m.paused = now, passes, done, false
		return p
	}
	if m.from.IsZero() {
		m.from, m.passes, m.done = now, passes, done
		if all := now.Sub(m.start); all > 0 {
			p.Rate = float64(passes) / all.Seconds()
			p.Left = left(all, 0, p.Done)
		}
		return p
	}
	if spent := now.Sub(m.from); spent > 0 {
		p.Rate = float64(passes-m.passes) / spent.Seconds()
		p.Left = left(spent, m.done, p.Done)
	}
	return p
}

// Pause tells that the run stood still until now.
func (m *Meter) Pause() { m.paused = !m.from.IsZero() }

// left extrapolates the time until done is 1 from the time it took to get
// from one share to another.
func left(spent time.Duration, from, to float64) time.Duration {
	if to <= from {
		return 0
	}
	return time.Duration(float64(spent) * (1 - to) / (to - from))
}
