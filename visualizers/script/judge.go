package script

import (
	"context"
	"encoding/json"

	"picasso/visualizers/script/wire"
	"picasso/visualizers/trust"
)

// judge answers what the tests of trust say of a map of the target in hand.
func (e *execution) judge(ctx context.Context, r wire.Request, tensors []wire.Tensor) error {
	if r.Map == nil {
		return &lost{wire.ErrFrame}
	}
	m, err := e.heatMap(*r.Map, tensors)
	if err != nil {
		return err
	}
	c, err := e.judges.Cover(ctx, e.in, m, trust.CoverOptions{}, nil)
	if err != nil {
		return err
	}
	e.passes += c.Passes
	report := trust.Compare(e.in, m, trust.Beside{})
	report.Cover = &c
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	return e.send(&wire.Message{Kind: wire.Answer, Text: string(text)})
}
