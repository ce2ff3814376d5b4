package control

import (
	"context"

	"picasso/ui/control/history"
	"picasso/ui/control/task"
)

func (c *Controller) NewTask() *task.Task   { return c.tasks.New() }
func (c *Controller) Announce(k Kind)       { c.changed(k) }
func (c *Controller) Record(s history.Step) { c.record(s) }
func (c *Controller) Enlist(running func() bool, end func()) {
	c.activities = append(c.activities, activity{running: running, end: end, model: true, ahead: true})
}
func Holding[T any](c *Controller, work func(context.Context, func(func())) (T, error)) func(context.Context, func(func())) (T, error) {
	return using(c.model, work)
}
