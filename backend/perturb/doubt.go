package perturb

import "time"

// doubt is whether incremental inference is as fast as was expected of it. It
// is decided with [AutoEngine] on the first batches of a run.
type doubt struct {
	batches int           // scored incrementally
	each    time.Duration // of a copy, in the fastest of them
	open    bool          // the next batch is scored by full inference, to compare
	over    bool
}

const (
	// slowerAtFirst and slower are the times of a copy, over that of full
	// inference, from which the first batch, which warms up, and the second are
	// doubted.
	slowerAtFirst, slower = 1.5, 1.05
	// noticeable is a loss of time in a run that is worth doubting for.
	noticeable = 20 * time.Millisecond
)

// suspect looks at the time of a batch that was scored incrementally. Where it
// was longer than full inference took before, the next batch is scored in full,
// so that both are measured under the same load.
func (c *copies) suspect(copies int, took time.Duration) {
	d := &c.doubt
	_, incremental := c.run.(*incrementalRun)
	if d.over || !incremental || c.engine != AutoEngine || 2*copies < c.scorer.incremental.workers*incrementalBatch {
		return
	}
	d.batches++
	each, limit := took/time.Duration(copies), slower
	if d.batches == 1 {
		limit = slowerAtFirst
	}
	if d.each == 0 || each < d.each {
		d.each = each
	}
	plain := c.scorer.rates.plain()
	lost := time.Duration(len(c.windows)) * (d.each - plain)
	d.open = plain > 0 && float64(d.each) > limit*float64(plain) && lost > noticeable
	d.over = d.batches > 1
}

// decide compares with a batch that was scored by full inference, and goes back
// to that where it is faster.
func (c *copies) decide(copies int, took time.Duration) {
	d := &c.doubt
	if 2*copies < c.scorer.incremental.workers*incrementalBatch {
		return
	}
	d.open, d.over = false, true
	run, incremental := c.run.(*incrementalRun)
	if incremental && float64(d.each) > slower*float64(took/time.Duration(copies)) {
		run.plan.slow.Store(true)
		c.drop()
	}
}
