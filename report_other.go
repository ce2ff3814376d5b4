//go:build !unix && !cli

package main

import (
	"io"

	"picasso/backend/ort"
)

// reportOn does nothing: the system has no such signal.
func reportOn(io.Writer, *ort.Runtime) {}
