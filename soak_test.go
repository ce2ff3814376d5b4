//go:build unix && !cli

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"picasso/backend/fixtures"
	"picasso/backend/onnx/zoo"
	"picasso/ui/xtest"
)

// pace is how long a quick person takes from one move to the next. What comes
// faster than the window can follow waits in front of it.
const pace = 150 * time.Millisecond

// What a window with a SqueezeNet may hold, resident and in kB.
const (
	mostAtWork = 500 << 10
	mostAtRest = 400 << 10
)

// mostIdle is the share of a processor that a window at rest may take: its loop
// turns a few times a second. The toolkit's own takes that much with nothing in it.
const mostIdle = 0.01

// TestSoak uses the real window for PICASSO_SOAK (such as 10m) with a SqueezeNet:
// other pictures, other tabs, a slider that moves. It reports what the process and
// its sessions hold, which may not grow from the second quarter of the time to the
// last; how long a slider at rest takes to change the map; and what the window holds
// and does half a minute after the last move.
func TestSoak(t *testing.T) {
	span, err := time.ParseDuration(os.Getenv("PICASSO_SOAK"))
	if err != nil {
		t.Skip("make soak runs it")
	}
	if runtime.GOOS != "linux" {
		t.Skip("what a process holds is read from /proc")
	}
	ctx, cancel := context.WithTimeout(context.Background(), span+10*time.Minute)
	defer cancel()
	p := start(ctx, t)
	p.awaitTitle("tanks-biased.onnx")
	p.awaitOverlay("the sample is explained")
	t.Logf("with the sample: %s", p.holds())
	model := squeezeNet(t)
	p.must(p.Drop(middle, append(photos(p), model)...))
	p.awaitTitle(filepath.Base(model))
	p.awaitOverlay("a photo is explained")
	knob := p.findKnob(p.look())
	p.slides(knob, 15)

	groups := []xproto.Keysym{'3', '2', '4', '2', '5', '2'} // of methods; covering has the slider
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
			func() error { return p.KeyWith(xtest.Control, groups[moves/8%len(groups)]) },
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
		t.Logf("%d moves; resident memory: %d MB in the second quarter, %d MB in the last, %d MB at most", moves, early>>10, late>>10, slices.Max(held)>>10)
		if late > early+early/5+50<<10 {
			t.Errorf("memory grows from %d MB to %d MB", early>>10, late>>10)
		}
		if late > mostAtWork {
			t.Errorf("the window holds %d MB at work, %d MB are allowed", late>>10, mostAtWork>>10)
		}
	}
	p.settle() // on a busy machine the last map comes late
	<-time.After(30 * time.Second)
	before := p.ticks()
	const quiet = 10 * time.Second
	<-time.After(quiet)
	share := float64(p.ticks()-before) / ticksPerSecond / quiet.Seconds()
	t.Logf("half a minute after the last move: %s; %.1f %% of a processor", p.holds(), 100*share)
	if p.held() > mostAtRest {
		t.Errorf("the window holds %d MB at rest, %d MB are allowed", p.held()>>10, mostAtRest>>10)
	}
	if share > mostIdle {
		t.Errorf("the window at rest takes %.1f %% of a processor", 100*share)
	}
	p.quit()
}

// TestBacklog gives the window more moves than it can follow, without a pause: what
// waits may not pile up memory, and the window still quits.
func TestBacklog(t *testing.T) {
	span, err := time.ParseDuration(os.Getenv("PICASSO_SOAK"))
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("make soak runs it, on Linux")
	}
	span = min(span, 90*time.Second)
	ctx, cancel := context.WithTimeout(context.Background(), span+10*time.Minute)
	defer cancel()
	p := start(ctx, t)
	p.awaitTitle("tanks-biased.onnx")
	p.awaitOverlay("the sample is explained")
	model := squeezeNet(t)
	p.must(p.Drop(middle, append(photos(p), model)...))
	p.awaitTitle(filepath.Base(model))
	p.awaitOverlay("a photo is explained")
	knob := p.findKnob(p.look())
	moves, most := 0, uint64(0)
	for begun := time.Now(); time.Since(begun) < span; {
		p.must(p.Drag(knob, knob.Add(image.Pt(moves%60, 0))))
		for _, key := range []rune{'n', '.', 'n', 'b', ','} {
			p.must(p.Key(xproto.Keysym(key)))
			moves++
		}
		<-time.After(40 * time.Millisecond)
		most = max(most, p.held())
	}
	t.Logf("%d moves in %v: %d MB at most; %s", moves, span, most>>10, p.holds())
	if most > 2*mostAtWork {
		t.Errorf("moves without a pause pile up %d MB", most>>10)
	}
	begun := time.Now()
	p.quit()
	took := time.Since(begun)
	t.Logf("quit while at work in %v", took.Round(time.Millisecond))
	if took > 5*time.Second {
		t.Errorf("the window takes %v to quit", took)
	}
}

// squeezeNet is the path of SqueezeNet 1.1: the trained one of the fixtures where
// they are, else one with random weights.
func squeezeNet(t *testing.T) string {
	t.Helper()
	if found := fixtures.Glob("models", "imagenet", "squeezenet*.onnx"); len(found) > 0 {
		return found[0]
	}
	net, err := zoo.Network("squeezenet", 227)
	if err != nil {
		t.Fatal(err)
	}
	data, err := net.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "squeezenet.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// photos are those of the fixtures where they are, else the scenes of a sample.
func photos(p *program) []string {
	p.t.Helper()
	if found := fixtures.Glob("photos", "files", "*"); len(found) > 0 {
		return found
	}
	found, err := filepath.Glob(filepath.Join(p.samples("tanks-biased"), "*.png"))
	p.must(err)
	return found
}

// slides moves the slider n times, the window at rest before each move, and reports
// how long it takes from the move to the first change of the picture.
func (p *program) slides(knob image.Point, n int) {
	p.t.Helper()
	var took []time.Duration
	for i := range n {
		p.settle()
		at := knob.Add(image.Pt(4+i%2*8, 0))
		p.must(p.Press(knob))
		knob = at
		before := p.look()
		begun := time.Now()
		p.must(p.Move(at))
		for changed(before, p.look()) < 0.01 && time.Since(begun) < 5*time.Second && p.ctx.Err() == nil {
		}
		took = append(took, time.Since(begun))
		p.must(p.Release())
	}
	slices.Sort(took)
	load, _ := os.ReadFile("/proc/loadavg")
	p.t.Logf("a slider at rest moves, the map changes after: half %v, nine of ten %v at most (%d moves, load %.4s)",
		took[len(took)/2].Round(time.Millisecond), took[len(took)*9/10].Round(time.Millisecond), n, load)
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

// ticksPerSecond is the unit of processor time in /proc (USER_HZ of Linux).
const ticksPerSecond = 100

// ticks is the processor time that the program has taken.
func (p *program) ticks() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	p.must(err)
	_, rest, _ := strings.Cut(string(text), ") ") // the name may hold anything
	fields := strings.Fields(rest)
	user, err := strconv.Atoi(fields[11])
	p.must(err)
	system, err := strconv.Atoi(fields[12])
	p.must(err)
	return user + system
}

// holds is what the program holds, in words.
func (p *program) holds() string {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	p.must(err)
	text := fmt.Sprintf("%d MB, %s threads, %d open files", p.held()>>10, p.status("Threads"), len(open))
	r := p.report()
	text += fmt.Sprintf("; Go %d MB, %d goroutines; sessions:", r.Heap>>20, r.Routines)
	for _, s := range r.Sessions {
		text += fmt.Sprintf(" %d %s %d MB", s.Sessions, s.Use, s.Bytes>>20)
	}
	return text
}

// report asks the program what it holds.
func (p *program) report() report {
	from := len(p.log.String())
	p.must(p.cmd.Process.Signal(syscall.SIGUSR1))
	var r report
	p.must(xtest.Await(p.ctx, "the program's report", func() (bool, error) {
		for line := range strings.Lines(p.log.String()[from:]) {
			if strings.HasSuffix(line, "\n") && json.Unmarshal([]byte(line), &r) == nil {
				return true, nil
			}
		}
		return false, nil
	}))
	return r
}

func mean(v []uint64) uint64 {
	var sum uint64
	for _, x := range v {
		sum += x
	}
	return sum / uint64(len(v))
}
