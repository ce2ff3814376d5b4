//go:build !cli

package main

import (
	"context"
	"fmt"
	"image"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"picasso/ui/xtest"
)

// pace is how long a quick person takes from one move to the next. What comes
// faster than the window can follow only piles up in front of it.
const pace = 150 * time.Millisecond

// TestSoak uses the real window for PICASSO_SOAK (such as 30m): other pictures,
// other tabs, a slider that moves. It reports what the process holds, which may
// not grow from the second quarter of the time to the last.
func TestSoak(t *testing.T) {
	span, err := time.ParseDuration(os.Getenv("PICASSO_SOAK"))
	if err != nil {
		t.Skip("make soak runs it")
	}
	if runtime.GOOS != "linux" {
		t.Skip("what a process holds is read from /proc")
	}
	ctx, cancel := context.WithTimeout(context.Background(), span+5*time.Minute)
	defer cancel()
	p := start(ctx, t)
	p.awaitTitle("tanks-biased.onnx")
	p.closeWelcome()
	p.awaitOverlay("the sample is explained")
	knob := p.findKnob(p.look())

	begun, moves := time.Now(), 0
	var held []uint64
	for next := begun; time.Since(begun) < span; {
		for _, move := range []func() error{
			func() error { return p.Drag(knob, knob.Add(image.Pt(moves%60, 0))) },
			func() error { return p.Key('n') },
			func() error { return p.Key('.') },
			func() error { return p.Key('n') },
			func() error { return p.Key('b') },
			func() error { return p.Key(',') },
			func() error { return p.Key(xtest.Escape) },
		} {
			p.must(move())
			moves++
			<-time.After(pace)
		}
		if time.Now().After(next) {
			next = next.Add(span / 40)
			held = append(held, p.held())
			t.Logf("after %v and %d moves: %s", time.Since(begun).Round(time.Second), moves, p.holds())
		}
	}
	quarter := len(held) / 4
	if quarter > 0 {
		early, late := mean(held[quarter:2*quarter]), mean(held[len(held)-quarter:])
		t.Logf("%d moves; resident memory: %d MB in the second quarter, %d MB in the last", moves, early>>10, late>>10)
		if late > early+early/5+50<<10 {
			t.Errorf("memory grows from %d MB to %d MB", early>>10, late>>10)
		}
	}
	p.quit()
}

// status is a line of what the system tells of the program.
func (p *program) status(name string) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	p.must(err)
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// held is the program's resident memory in kB.
func (p *program) held() uint64 {
	kb, err := strconv.ParseUint(strings.TrimSuffix(p.status("VmRSS"), " kB"), 10, 64)
	p.must(err)
	return kb
}

// holds is what the program holds, in words.
func (p *program) holds() string {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	p.must(err)
	return fmt.Sprintf("%d MB, %s threads, %d open files", p.held()>>10, p.status("Threads"), len(open))
}

func mean(v []uint64) uint64 {
	var sum uint64
	for _, x := range v {
		sum += x
	}
	return sum / uint64(len(v))
}
