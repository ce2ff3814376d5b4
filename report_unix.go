//go:build unix && !cli

package main

import (
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"picasso/backend/infer"
	"picasso/backend/ort"
)

// report is what a running window holds, in bytes.
type report struct {
	Sessions []infer.Holding `json:"sessions"` // of ONNX Runtime, by what they are for
	Heap     uint64          `json:"heap"`     // of Go, what is in use and what waits for the collector
	Idle     uint64          `json:"idle"`     // of Go, not in use and not given back to the system
	Routines int             `json:"goroutines"`
}

// reportOn writes what the program holds to w, a line of JSON each time the
// program gets the signal USR1.
func reportOn(w io.Writer, engine *ort.Runtime) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		for range asked {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			_ = json.NewEncoder(w).Encode(report{engine.Held(), m.HeapAlloc, m.HeapIdle - m.HeapReleased, runtime.NumGoroutine()})
		}
	}()
}
