package visualizers

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestCostInWords(t *testing.T) {
	learn := func(context.Context) error { return nil }
	for want, p := range map[string]Preview{
		"1 picture through the model":                                       {Passes: 1},
		"1 volume through the model":                                        {Passes: 1, Solid: true},
		"343 volumes through the model, about 2.5 s":                        {Passes: 343, Solid: true, Time: 2500 * time.Millisecond},
		"9999 pictures through the model, about 2.5 s":                      {Passes: 9999, Time: 2500 * time.Millisecond},
		"20 000 pictures through the model, about 3 min, 1200 MB of memory": {Passes: 20000, Time: 3 * time.Minute, Bytes: 1200 << 20},
		"1 234 567 pictures through the model, up to 3 h":                   {Passes: 1234567, Time: 3 * time.Hour, Learn: learn},
	} {
		if got := strings.ReplaceAll(p.String(), "\u00a0", " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if p.Long() != (p.Time > time.Minute) {
			t.Errorf("%q is long: %v", want, p.Long())
		}
	}
}
