package kernel_test

import (
	"os"
	"os/exec"
	"sync"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// The first sessions of a process that have our operators may be opened beside each other.
func TestTheFirstSessionsAreOpenedBesideEachOther(t *testing.T) {
	if os.Getenv("PICASSO_FIRST_SESSIONS") == "" {
		for range 10 { // each a process that has opened none yet
			c := exec.Command(os.Args[0], "-test.run=^TestTheFirstSessionsAreOpenedBesideEachOther$")
			c.Env = append(os.Environ(), "PICASSO_FIRST_SESSIONS=1")
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		return
	}
	n := node{"Inside", []*onnx.Attr{bound("low", 0), bound("high", 1)}, []infer.Tensor{tensor([]int{1}, 0.5)}}
	start := make(chan struct{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			<-start
			if _, err := n.run(t); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
}
