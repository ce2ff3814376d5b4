package control

import (
	"context"
	"fmt"
	"os"
	"time"

	"picasso/backend"
	"picasso/ui/control/intake"
	"picasso/ui/control/task"
)

// watchInterval is the time between two looks at a watched folder. A file must be
// the same at two looks before it is opened: exporters write for a while.
const watchInterval = time.Second

// Watch makes a folder the model: the newest .onnx file in it is opened, and
// again whenever a newer one lands, keeping class, picture and settings.
func (c *Controller) Watch(folder string) {
	c.unwatch()
	path, err := backend.NewestModel(folder)
	if err != nil {
		c.fail("open "+base(folder), err)
		return
	}
	c.state.Watched = folder
	c.reopen(path, OpenOptions{keep: true})
	opened := versionOf(path)
	task.Start(c.watching, func(ctx context.Context, tell func(func())) (struct{}, error) {
		follow(ctx, folder, opened, func(path string) {
			tell(func() { c.reopen(path, OpenOptions{keep: true, Choices: c.given.Choices}) })
		})
		return struct{}{}, nil
	}, func(struct{}, error) {})
}

// unwatch stops following a folder.
func (c *Controller) unwatch() {
	c.watching.Stop()
	c.state.Watched = ""
}

// version tells one state of a file from another.
type version struct {
	path     string
	size     int64
	modified time.Time
}

func versionOf(path string) version {
	info, err := os.Stat(path)
	if err != nil {
		return version{}
	}
	return version{path, info.Size(), info.ModTime()}
}

// follow tells of every newer model in a folder, once it is written, until
// ctx ends. A folder that is empty or away for a while is no fault.
func follow(ctx context.Context, folder string, known version, newer func(path string)) {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	seen := known
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		path, err := backend.NewestModel(folder)
		if err != nil {
			continue
		}
		now := versionOf(path)
		if now == seen && now != known && now != (version{}) {
			known = now
			newer(path)
		}
		seen = now
	}
}

// isFolder reports whether a path is a folder that is there.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// watchFound opens the newest model of a folder that was dropped, and offers
// the others.
func (c *Controller) watchFound(d intake.Dropped) {
	c.Watch(d.Checkpoints)
	if n := len(d.Models); n > 1 {
		c.lasting(Notice{Text: fmt.Sprintf("The newest of %d models in %s is shown. Newer ones are opened as soon as they are written.", n, base(d.Checkpoints)), Models: d.Models})
	}
}
