package cases

import (
	"context"
	"errors"
	"fmt"
	"time"

	"picasso/backend/picture"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/store"
)

// Pass goes through the items of one shard that have no row yet.
type Pass struct {
	Auditor audit.Auditor
	Store   *store.Store
	Cases   []Case
	Masks   *Masks // nil without any
	// Ready makes a picture one that the model takes, or says why it does not.
	Ready func(*picture.Image) (*picture.Image, error)
	// Reason is an error in one line that names no path.
	Reason      func(error) string
	RetryErrors bool // those that failed before are tried again
	Provider    string
	// Progress is told of every item; reason is "" for a row. nil is allowed.
	Progress func(p Progress)
}

// Progress is how far a pass is.
type Progress struct {
	Done, Of int // items of the shard, those of earlier passes included
	Item     store.Item
	Reason   string // why the item failed
	Rate     float64
	Left     time.Duration
}

// String is how far it is, in words.
func (p Progress) String() string {
	return fmt.Sprintf("%d of %d pictures, %.1f a second, %s left", p.Done, p.Of, p.Rate, visualizers.Spoken(p.Left))
}

// Share is how far it is, 0…1.
func (p Progress) Share() float64 { return float64(p.Done) / float64(max(p.Of, 1)) }

// ErrGone is what becomes of items that were frozen and are no more.
var ErrGone = errors.New("it is no longer in the folder")

// Run makes the rows. A cancelled ctx gives up the item in hand, of which nothing is
// kept; so does an error of the store, for example a full disk.
func (p Pass) Run(ctx context.Context, shard store.Shard) (store.Report, error) {
	began := time.Now()
	report := store.Report{Provider: p.Provider}
	states, err := p.Store.States(ctx)
	if err != nil {
		return report, err
	}
	byName := make(map[store.Item]int, len(p.Cases))
	for i, c := range p.Cases {
		byName[c.Item] = i
	}
	at := Progress{}
	var todo []int
	for j := range p.Store.Items {
		if !shard.Has(j) {
			continue
		}
		at.Of++
		if states[j] == store.Done || states[j] == store.Failed && !p.RetryErrors {
			at.Done++
			continue
		}
		todo = append(todo, j)
	}
	for k, j := range todo {
		if at.Reason, err = p.item(ctx, j, byName); err != nil {
			return report, errors.Join(err, p.Store.Tell(shard, report, began))
		}
		report.Done++
		if at.Reason != "" {
			report.Done--
			report.Failed++
		}
		at.Done++
		at.Item = p.Store.Items[j]
		if took := time.Since(began); p.Progress != nil {
			at.Rate = float64(k+1) / took.Seconds()
			at.Left = took / time.Duration(k+1) * time.Duration(len(todo)-k-1)
			p.Progress(at)
		}
	}
	return report, p.Store.Tell(shard, report, began)
}

// item makes one row. reason says why there is none; err ends the pass.
func (p Pass) item(ctx context.Context, j int, byName map[store.Item]int) (reason string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	row, cells, err := p.row(ctx, j, byName)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		reason = p.Reason(err)
		return reason, p.Store.Fail(j, reason)
	}
	row.Path = p.Store.Items[j].Name
	return "", p.Store.Put(j, row, cells)
}

func (p Pass) row(ctx context.Context, j int, byName map[store.Item]int) (audit.Row, []float32, error) {
	i, ok := byName[p.Store.Items[j]]
	if !ok {
		return audit.Row{}, nil, ErrGone
	}
	c := p.Cases[i]
	open := func(ctx context.Context, i int) (*picture.Image, error) {
		m, err := c.Open(ctx, i)
		if err != nil {
			return nil, err
		}
		return p.Ready(m)
	}
	if c.Series {
		return p.Auditor.Series(ctx, c.Slices, open)
	}
	m, err := open(ctx, 0)
	if err != nil {
		return audit.Row{}, nil, err
	}
	region, err := p.Masks.On(ctx, c, m)
	if err != nil {
		return audit.Row{}, nil, err
	}
	row, cells, err := p.Auditor.Row(ctx, m, region, c.Bytes)
	if m.Scan != nil { // what is hashed may not be found by its bytes
		row.SHA256 = ""
	}
	return row, cells, err
}
