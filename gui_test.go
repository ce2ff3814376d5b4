//go:build !cli

package main

import "testing"

func TestSamplesOfTheWelcome(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range samples() {
		if s.Short == "" {
			continue
		}
		if seen[s.Short] || len(s.Short) > 20 {
			t.Errorf("%q does not name one sample", s.Short)
		}
		seen[s.Short] = true
		m, err := s.Picture()
		if err != nil || m.Bounds().Empty() {
			t.Errorf("%s has no picture: %v", s.Name, err)
		}
	}
	if of := rivals(); of["Tanks, learnt from the wrong cue"] != "Tanks, learnt well" || of["Tanks, learnt well"] != "Tanks, learnt from the wrong cue" {
		t.Errorf("the two networks that were trained on tanks are not compared: %v", of)
	}
	if !seen["Tanks"] || !seen["Digits"] || !seen["CT"] || !seen["CT in 3-D"] || len(seen) != 4 {
		t.Errorf("the welcome offers %v", seen)
	}
}

func rivals() map[string]string {
	of := map[string]string{}
	for _, s := range samples() {
		of[s.Name] = s.Rival
	}
	return of
}
