package confine

import (
	"os/exec"
	"testing"
)

// What a child wrote last tells whether it starved, and its exit code.
func TestLastWordsOfTheStarved(t *testing.T) {
	ended := exec.Command("go", "version")
	if err := ended.Run(); err != nil {
		t.Skip("no program to start:", err)
	}
	for log, want := range map[string]bool{
		"fatal error: runtime: out of memory":                                                      true,
		"terminate called after throwing an instance of 'std::bad_alloc'":                          true,
		"SIGSEGV: segmentation violation\n\ngoroutine 0:\nruntime.(*spanQueue).tryDrain(0x1, 0x2)": true,
		"SIGSEGV: segmentation violation\n\ngoroutine 1:\nmain.main()":                             false,
		"": false,
	} {
		if got := Starved(ended.ProcessState, log, 1<<40); got != want {
			t.Errorf("%q: %v", log, got)
		}
	}
}
