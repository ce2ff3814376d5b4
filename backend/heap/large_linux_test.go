package heap

import (
	"bytes"
	"os"
	"strconv"
	"testing"
)

// TestLarge fills memory that was asked for in large pages.
func TestLarge(t *testing.T) {
	mode, err := os.ReadFile("/sys/kernel/mm/transparent_hugepage/enabled")
	if err != nil || bytes.Contains(mode, []byte("[never]")) {
		t.Skip("this system has no large pages on request")
	}
	const size = 32 << 20
	large(size)
	block := make([]byte, size/2)
	for i := range block {
		block[i] = 1
	}
	if got := inLargePages(t); got < size/4 {
		t.Errorf("%d bytes are used, and %d lie in large pages", len(block), got)
	}
	if block[len(block)-1] != 1 {
		t.Error("the memory is not what was written")
	}
}

// inLargePages is how many bytes of this process lie in large pages.
func inLargePages(t *testing.T) int {
	t.Helper()
	all, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		t.Skip("this system does not tell: ", err)
	}
	for line := range bytes.Lines(all) {
		name, rest, _ := bytes.Cut(line, []byte(":"))
		if string(name) != "AnonHugePages" {
			continue
		}
		kilobytes, err := strconv.Atoi(string(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte(" kB"))))
		if err != nil {
			t.Fatal(err)
		}
		return kilobytes << 10
	}
	t.Skip("this system does not tell how much lies in large pages")
	return 0
}
