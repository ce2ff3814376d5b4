package pacs

import (
	"errors"
	"slices"
	"testing"
)

func TestKinds(t *testing.T) {
	got, err := ParseKinds(" pm, sc,pm")
	if err != nil || !slices.Equal(got, []string{"pm", "sc"}) {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"", "sc,", "SC", "sr"} {
		if got, err := ParseKinds(text); err == nil {
			t.Errorf("%q is %q", text, got)
		}
	}
}

func TestThresholds(t *testing.T) {
	for text, want := range map[string]float64{"0.2": 0.2, "-1e-3": -1e-3, "50%": 1, " 25 % ": 0.5, "100%": 2} {
		threshold, err := ParseThreshold(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got, err := threshold.of(2); err != nil || got != want {
			t.Errorf("%q is %v, %v, not %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "half", "NaN", "Inf", "0%", "-5%", "101%"} {
		if got, err := ParseThreshold(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
	half, _ := ParseThreshold("50%")
	if _, err := half.of(0); !errors.Is(err, ErrNothingAbove) {
		t.Errorf("of a map without positive values: %v", err)
	}
}

func TestSettingsAreSaidInOneOrder(t *testing.T) {
	if got := set(map[string]string{"size": "7", "patch": "mean", "map": "1"}); got != "Settings map=1, patch=mean, size=7." {
		t.Errorf("%q", got)
	}
	if got := set(nil); got != "" {
		t.Errorf("%q", got)
	}
}
