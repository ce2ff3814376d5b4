package comparison

import "picasso/ui/control"

type pairs struct{}

func (p *pairs) init(*control.Controller)                  {}
func (p *pairs) activities(*Controller) []control.Activity { return nil }
func (p *pairs) modelChanged(*Controller)                  {}
func (p *pairs) follow(*Controller)                        {}
