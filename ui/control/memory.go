package control

import (
	"errors"
	"fmt"

	"picasso/backend/picture"
)

// offering adds to a notice about a picture that takes more memory than it may
// the button that allows it. Once allowed, as much holds for all pictures until
// the program ends.
func (c *Controller) offering(p *Picture, n Notice) Notice {
	var more *picture.MemoryError
	if !errors.As(n.Err, &more) {
		return n
	}
	need := more.Need + more.Need/8 // it is known about
	n.Button = fmt.Sprintf("Open it with %s of memory", gigabytes(need))
	n.Press = func() { c.allow(p, need) }
	return n
}

// allow lets pictures take so much memory, and looks at this one again.
func (c *Controller) allow(p *Picture, need int64) {
	c.memory.Store(max(c.memory.Load(), need))
	for _, each := range c.state.Images {
		var more *picture.MemoryError
		if s := each.series(); s != nil {
			s.Allow(need)
			if each.Series != s {
				each.Series.Allow(need)
			}
		}
		if errors.As(each.Err, &more) && more.Need <= need {
			each.Err, each.tried, each.seen = nil, false, false
		}
	}
	c.changed(ImagesChanged)
	if i := c.indexOf(p.ID); i >= 0 {
		c.state.Current = i
		c.look(0)
	}
}

func gigabytes(n int64) string { return fmt.Sprintf("%.1f GB", float64(n)/(1<<30)) }
