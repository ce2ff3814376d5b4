package viewer

import "picasso/visualizers/render"

// Turn is how a picture is turned on the screen; figures are turned alike.
type Turn = render.Turn
