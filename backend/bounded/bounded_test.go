package bounded

import (
	"fmt"
	"testing"
	"time"
)

// told is a test that may fail.
type told struct {
	testing.TB
	said string
}

func (t *told) Helper()                           {}
func (t *told) Fatalf(format string, args ...any) { t.said = fmt.Sprintf(format, args...) }

var held []byte

func TestExcessesFail(t *testing.T) {
	for name, c := range map[string]struct {
		f    func()
		want bool
	}{
		"nothing": {func() {}, false},
		"memory": {func() {
			for range 300 {
				held = make([]byte, 1<<20)
			}
		}, true},
		"time": {func() {
			for began := processorTime(); processorTime()-began < 700*time.Millisecond; {
			}
		}, true},
	} {
		got := &told{}
		Run(got, Small(100), c.f)
		if (got.said != "") != c.want {
			t.Errorf("%s: %q", name, got.said)
		}
	}
}
