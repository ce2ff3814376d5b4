package control

import (
	"context"
	"slices"

	"picasso/backend/picture"
)

// read finds out in the background what paths hold and hands it to use.
func (c *Controller) read(paths []string, use func(Dropped)) {
	c.stopReading()
	ctx, cancel := context.WithCancel(c.ctx)
	c.reading.number++
	number := c.reading.number
	c.reading.cancel = cancel
	c.state.Reading = &Reading{}
	c.changed(LookChanged)
	current := func() bool { return c.reading.number == number }
	found := func(n int) {
		c.do(func() {
			if current() {
				c.state.Reading = &Reading{Found: n}
				c.changed(LookChanged)
			}
		})
	}
	c.spawn(func() {
		d, err := gather(ctx, paths, found)
		c.do(func() {
			if !current() {
				return
			}
			cancel()
			c.state.Reading = nil
			c.changed(LookChanged)
			if err == nil {
				use(d)
			}
		})
	})
}

// gather is [Sort], with the scans among the pictures put into series.
func gather(ctx context.Context, paths []string, found func(int)) (d Dropped, err error) {
	defer recovered(&err)
	if d, err = Sort(ctx, paths, found); err != nil {
		return d, err
	}
	all, err := picture.Collect(ctx, append(slices.Clone(d.Images), d.Doubtful...), func(i int) {
		if i%100 == 99 {
			found(i + 1)
		}
	})
	d.Images, d.Series = without(all.Others, d.Doubtful), all.Series
	if n := len(d.Doubtful); n > 0 && err == nil && len(d.Models)+len(d.Images)+len(d.Series)+len(d.Problems) == 0 {
		d.Problems = append(d.Problems, &FileError{d.Doubtful[0], "begins like a medical picture and is none; export it again from the archive"})
	}
	return d, err
}

// without leaves out the files that turned out to be no scans after all.
func without(files, doubtful []string) []string {
	not := map[string]bool{}
	for _, path := range doubtful {
		not[path] = true
	}
	return slices.DeleteFunc(files, func(path string) bool { return not[path] })
}
