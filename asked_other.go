//go:build !unix

package main

import "os"

// asked is nil: the system has no such signal.
func asked() <-chan os.Signal { return nil }
