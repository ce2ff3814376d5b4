//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// asked gets a value for each signal USR1, by which people and batch systems ask how
// far a command is.
func asked() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	return c
}
