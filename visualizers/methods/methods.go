// Package methods links every family of methods into the program: one row a
// family. A method is one file of its family and registers itself.
package methods

import (
	"picasso/visualizers"
	_ "picasso/visualizers/answer"
	_ "picasso/visualizers/cover"
	_ "picasso/visualizers/gradient"
	_ "picasso/visualizers/layers"
	_ "picasso/visualizers/sampling"
)

// All lists every method by group and order.
func All() []visualizers.Visualizer { return visualizers.All() }
