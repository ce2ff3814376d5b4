package workers_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/ort/orttest"
)

func TestPlacesOfTheRuntimesFunctions(t *testing.T) { orttest.Places(t, "workers.h", 4) }

// TestWorkersWait opens a session with three threads beside the caller's: they wait in the
// system until the first run, and compute with it.
func TestWorkersWait(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the threads of a process are looked at on Linux only")
	}
	path, err := zoo.File("squeezenet")
	if err != nil {
		t.Fatal(err)
	}
	r := orttest.Runtime(t)
	open := func(threads int) infer.Session {
		s, err := r.Open(t.Context(), infer.Source{Path: path}, infer.SessionOptions{Provider: infer.CPU, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	x := infer.NewTensor(1, 3, 224, 224)
	for i := range x.Data {
		x.Data[i] = float32(i%255) / 255
	}
	run := func(s infer.Session) []float32 {
		y, err := s.Run(t.Context(), []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		return y[0].Data
	}
	before := sleeping(t)
	s := open(4)
	waiting := 0
	for end := time.Now().Add(10 * time.Second); waiting < 3 && time.Now().Before(end); runtime.Gosched() { // busy systems let new threads wait for their first step
		waiting = 0
		for thread, sleeps := range sleeping(t) {
			if _, old := before[thread]; !old && sleeps {
				waiting++
			}
		}
	}
	if waiting < 3 {
		t.Errorf("%d threads of the session wait, want 3", waiting)
	}
	one := open(1)
	if got, want := run(s), run(one); !slices.Equal(got, want) {
		t.Error("four threads give other scores than one")
	}
	for _, s := range []infer.Session{s, one, open(4)} { // the last one never ran
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// sleeping tells of each thread of this process whether it waits for something, and has used
// less than a hundredth of a second so far.
func sleeping(t *testing.T) map[string]bool {
	t.Helper()
	list, err := filepath.Glob("/proc/self/task/*/stat")
	if err != nil || len(list) == 0 {
		t.Skip("this system does not tell of threads: ", err)
	}
	threads := map[string]bool{}
	for _, path := range list {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest) // proc_pid_stat(5), from state on
		threads[path] = len(fields) > 11 && fields[0] == "S" && fields[11] == "0"
	}
	return threads
}
