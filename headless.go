//go:build cli

package main

import "context"

// hasWindow is false in the build that links no window system.
const hasWindow = false

func window(context.Context, []string) int { return 0 }
