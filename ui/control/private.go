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
	var paths []string
	for _, p := range c.state.Images {
		if _, known := c.verdicts[p.Path]; p.Path != "" && !known {
			paths = append(paths, p.Path)
			c.verdicts[p.Path] = verdict{private: !c.trusted[p.Path], name: p.Name}
		}
	}
	if len(paths) == 0 {
		return
	}
	task.Start(c.tasks.New(), func(ctx context.Context, _ func(func())) (map[string]verdict, error) {
		out := map[string]verdict{}
		for _, path := range paths {
			if ctx.Err() != nil {
				break
			}
			out[path] = verdict{picture.Private(path), filepath.Base(picture.Said(path))}
		}
		return out, nil
	}, func(found map[string]verdict, _ error) {
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
	})
}

// trust takes over paths that were remembered at an earlier start: they were
// judged then, and are again.
func (c *Controller) trust(paths []string) {
	c.trusted = map[string]bool{}
	for _, path := range paths {
		c.trusted[path] = true
	}
}
