package control

import (
	"context"
	"fmt"

	"picasso/ui/control/intake"
	"picasso/ui/control/task"
)

// Drop takes files and folders of any kind: a model is opened first, then
// labels and preprocessing, then pictures are added. What is dropped while an earlier
// drop is still being looked through comes after it.
func (c *Controller) Drop(paths []string) {
	c.DismissAll()
	c.drops = append(c.drops, paths)
	if len(c.drops) == 1 {
		c.nextDrop()
	}
}

// nextDrop looks through the first of the drops, which stays in the list meanwhile.
func (c *Controller) nextDrop() {
	paths := c.drops[0]
	c.read(paths, func(d intake.Dropped) {
		c.take(d)
		if c.dropped != nil {
			c.dropped(paths, d.Pictures(), len(d.Images)+len(d.Series))
		}
	})
}

// readOn goes on with what was dropped meanwhile, once nothing else is being read.
func (c *Controller) readOn() {
	if len(c.drops) == 0 || c.reading.Running() {
		return
	}
	if c.drops = c.drops[1:]; len(c.drops) > 0 {
		c.nextDrop()
	}
}

// OnDropped hears of what was dropped once it is in the list: the paths, the files of
// the pictures found below them, and how many entries of the list these are: a series
// is one.
func (c *Controller) OnDropped(hear func(paths, files []string, entries int)) { c.dropped = hear }

// stopReading ends reading, and forgets what was dropped meanwhile.
func (c *Controller) stopReading() {
	c.drops = nil
	c.endReading()
}

func (c *Controller) endReading() {
	c.reading.Stop()
	if c.state.Reading != nil {
		c.state.Reading = nil
		c.changed(LookChanged)
	}
}

// take uses what was dropped.
func (c *Controller) take(d intake.Dropped) {
	if len(d.Sessions) > 0 {
		c.OpenSession(d.Sessions[0], "")
		return
	}
	var opt OpenOptions
	if len(d.Labels) > 0 {
		opt.Choices.LabelFile = intake.Absolute(d.Labels[:1])[0]
	}
	if len(d.Sidecars) > 0 {
		opt.Sidecar = d.Sidecars[0]
	}
	switch given := opt.Choices.LabelFile != "" || opt.Sidecar != ""; {
	case d.Checkpoints != "":
		c.watchFound(d)
	case len(d.Models) == 1:
		c.open(d.Models[0], opt)
	case len(d.Models) > 1:
		c.notify(Notice{Text: fmt.Sprintf("%d models were found. Which one do you want to open?", len(d.Models)), Models: d.Models})
	case opt.Sidecar != "" && c.state.Model != nil:
		opt.undo = &undoing{name: "Use " + base(opt.Sidecar), before: c.usage()}
		c.reopen(c.state.About.Path, opt)
	case given && c.state.Model != nil:
		c.SetLabels(opt.Choices.LabelFile)
	case given:
		c.fail("use "+base(opt.Choices.LabelFile+opt.Sidecar), ErrNoModel)
	}
	c.takeScripts(&d)
	if len(d.Images)+len(d.Series) > 0 {
		if c.sample != nil {
			c.clear()
		}
		c.addFound(d.Series, d.Images)
		c.layDropped(d.Series)
	}
	if len(d.Truths) > 0 { // of the pictures that came with them, too
		c.SetTruth(d.Truths[0])
	}
	if n := len(d.Truths); n > 1 {
		c.notify(Notice{Warning: true, Text: fmt.Sprintf("Of %d files that say what pictures show only %s is used.", n, base(d.Truths[0]))})
	}
	if d.Cut != "" {
		c.notify(Notice{Warning: true, Text: fmt.Sprintf("Not everything was searched: %s. %d pictures were added.", d.Cut, len(d.Images))})
	}
	if len(d.Problems) > 0 {
		c.fail("use what was dropped", &intake.PartError{Used: len(d.Models) + len(d.Images) + len(d.Series) + len(d.Labels) + len(d.Truths) + len(d.Sidecars) + len(d.Scripts), Problems: d.Problems})
	}
}

// read finds out in the background what paths hold and hands it to use.
func (c *Controller) read(paths []string, use func(intake.Dropped)) {
	c.endReading()
	c.state.Reading = &Reading{}
	task.Start(c.reading, func(ctx context.Context, tell func(func())) (intake.Dropped, error) {
		return intake.Find(ctx, paths, func(n int) {
			tell(func() {
				c.state.Reading = &Reading{Found: n}
				c.changed(LookChanged)
			})
		})
	}, func(d intake.Dropped, err error) {
		c.state.Reading = nil
		c.changed(LookChanged)
		if c.fail("read the files", err); err == nil {
			use(d)
		}
		c.readOn()
	})
	c.changed(LookChanged)
}
