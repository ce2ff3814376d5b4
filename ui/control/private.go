package control

import (
	"context"
	"path/filepath"

	"picasso/backend/picture"
	"picasso/ui/control/task"
)

// verdict is what is known of whether a path may be remembered and shown.
type verdict struct {
	private bool   // medical, or it tells who a patient is
	name    string // what the file may be called
}

// judge finds out in the background which of the listed files may be remembered
// for the next start, and what they may be called: files nearby have to be read
// for that. Until then none is.
func (c *Controller) judge() {
	for _, p := range c.state.Images {
		if _, known := c.verdicts[p.Path]; p.Path != "" && !known {
			c.unjudged = append(c.unjudged, p.Path)
			c.verdicts[p.Path] = verdict{private: !c.trusted[p.Path], name: p.Name}
		}
	}
	c.judgeSome()
}

// judgedAtOnce is more than a screen shows of a list.
const judgedAtOnce = 64

// judgeSome judges the next files, and goes on with the rest once the current
// picture has its first map.
func (c *Controller) judgeSome() {
	if c.judging.Running() || len(c.unjudged) == 0 {
		return
	}
	n := min(judgedAtOnce, len(c.unjudged))
	paths := c.unjudged[:n]
	c.unjudged = c.unjudged[n:]
	task.Start(c.judging, func(ctx context.Context, _ func(func())) (map[string]verdict, error) {
		out := map[string]verdict{}
		for _, path := range paths {
			if ctx.Err() != nil {
				break
			}
			out[path] = verdict{picture.Private(path), filepath.Base(picture.Said(path))}
		}
		return out, nil
	}, func(found map[string]verdict, _ error) {
		c.judged(found)
		if !c.opening.Running() && !c.starting() {
			c.judgeSome()
		}
	})
}

func (c *Controller) judged(found map[string]verdict) {
	for path, v := range found {
		c.verdicts[path] = v
	}
	for i, p := range c.state.Images {
		if v, ok := found[p.Path]; ok && p.Name != v.name {
			p.Name = v.name
			c.emit(Event{ImageChanged, i})
		}
	}
	c.saveImages()
}

// trust takes over paths that were remembered at an earlier start: they were
// judged then, and are again.
func (c *Controller) trust(paths []string) {
	c.trusted = map[string]bool{}
	for _, path := range paths {
		c.trusted[path] = true
	}
}
