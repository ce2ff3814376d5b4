package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// read reports on events; a text instead of an event is a line that is no JSON.
func read(t *testing.T, lines ...any) (string, error) {
	t.Helper()
	var out strings.Builder
	r := newReport(&out)
	for _, line := range lines {
		data, isText := line.(string)
		if !isText {
			b, err := json.Marshal(line)
			if err != nil {
				t.Fatal(err)
			}
			data = string(b)
		}
		r.line([]byte(data + "\n"))
	}
	err := r.end()
	return out.String(), err
}

// ran is what a test sends from its start to its end.
func ran(name, action string, output ...string) []any {
	events := []any{event{Action: "run", Package: "p", Test: name}, event{Action: "output", Package: "p", Test: name, Output: "=== RUN   " + name + "\n"}}
	for _, text := range output {
		events = append(events, event{Action: "output", Package: "p", Test: name, Output: text + "\n"})
	}
	if action != "" {
		events = append(events, event{Action: action, Package: "p", Test: name})
	}
	return events
}

func ended(action string, output ...string) []any {
	var events []any
	for _, text := range output {
		events = append(events, event{Action: "output", Package: "p", Output: text + "\n"})
	}
	return append(events, event{Action: action, Package: "p"})
}

func join(parts ...[]any) []any {
	var all []any
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestReport(t *testing.T) {
	skip := func(name, why string) []any {
		return ran(name, "skip", "    a_test.go:7: "+why, "--- SKIP: "+name+" (0.00s)")
	}
	for _, c := range []struct {
		name   string
		events []any
		fails  bool
		says   []string
		never  []string
	}{
		{
			name: "passed and skipped, the commonest reason first",
			events: join(ran("A", "pass", "    a_test.go:3: chatter", "--- PASS: A (0.00s)"), skip("B", "no display"), skip("C", "no fixtures: x"), skip("D", "no fixtures: x"),
				ended("pass", "PASS", "ok  \tp\t0.3s")),
			says:  []string{"ok  \tp\t0.3s\n", "    2  no fixtures: x\n    1  no display\n1 passed, 0 failed, 3 skipped\n"},
			never: []string{"chatter", "RUN", "PASS"},
		},
		{
			name:   "a test that fails shows its output",
			events: join(ran("A", "fail", "    a_test.go:3: 1 is not 2", "--- FAIL: A (0.00s)"), ended("fail", "FAIL", "FAIL\tp\t0.3s")),
			fails:  true,
			says:   []string{"1 is not 2", "--- FAIL: A", "FAIL\tp\t0.3s", "Failed: p\n", "0 passed, 1 failed, 0 skipped\n"},
		},
		{
			name: "a build that fails shows what the compiler says",
			events: []any{
				event{Action: "build-output", ImportPath: "p [p.test]", Output: "a.go:1:2: undefined: x\n"},
				event{Action: "build-fail", ImportPath: "p [p.test]"},
				event{Action: "start", Package: "p"},
				event{Action: "output", Package: "p", Output: "FAIL\tp [build failed]\n"},
				event{Action: "fail", Package: "p", FailedBuild: "p [p.test]"},
			},
			fails: true,
			says:  []string{"undefined: x", "FAIL\tp [build failed]", "0 passed, 1 failed, 0 skipped\n"},
		},
		{
			name:   "a package without tests is named",
			events: join([]any{event{Action: "start", Package: "p"}}, ended("skip", "?   \tp\t[no test files]")),
			says:   []string{"?   \tp\t[no test files]\n", "0 passed, 0 failed, 0 skipped\n"},
		},
		{
			name:   "a crash shows what the test said",
			events: join(ran("A", "pass"), ran("B", "", "panic: boom"), ended("fail", "FAIL\tp\t0.1s")),
			fails:  true,
			says:   []string{"B", "panic: boom", "1 passed, 1 failed, 0 skipped\n"},
		},
		{
			name:   "a package that never ends has failed",
			events: ran("A", "pass"),
			fails:  true,
			says:   []string{"FAIL\tp [did not end]", "1 passed, 1 failed, 0 skipped\n"},
		},
		{name: "no event at all is no success", events: []any{"go: no such tool"}, fails: true, says: []string{"go: no such tool\n", "0 passed, 0 failed, 0 skipped\n"}},
		{
			name:   "a skip without a word",
			events: join(ran("A", "skip", "--- SKIP: A (0.00s)"), ended("pass", "ok  \tp\t(cached)")),
			says:   []string{"    1  no reason given\n", "ok  \tp\t(cached)\n"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := read(t, c.events...)
			if (err != nil) != c.fails {
				t.Errorf("error %v", err)
			}
			for _, s := range c.says {
				if !strings.Contains(got, s) {
					t.Errorf("%q is missing in\n%s", s, got)
				}
			}
			for _, s := range c.never {
				if strings.Contains(got, s) {
					t.Errorf("%q should not be in\n%s", s, got)
				}
			}
		})
	}
}
