package script_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"picasso/backend/files"
	"picasso/visualizers/script"
)

// Several processes that switch scripts on at once keep all of them.
func TestTrustOfSeveralProcessesIsKept(t *testing.T) {
	list := filepath.Join(t.TempDir(), "config", "trusted.json")
	const processes = 8
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			if out, err := exec.Command(os.Args[0], switchOn, list, fmt.Sprint("text", i)).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	trust, err := script.OpenTrust(list)
	if err != nil {
		t.Fatal(err)
	}
	for i := range processes {
		if !trust.Trusts(fmt.Sprint("text", i)) {
			t.Errorf("text %d was lost", i)
		}
	}
}

// A window that read the list before another switched something off does not
// switch it on again.
func TestTrustIsReadAgainBeforeItIsWritten(t *testing.T) {
	list := filepath.Join(t.TempDir(), "trusted.json")
	open := func() *script.Trust {
		trust, err := script.OpenTrust(list)
		if err != nil {
			t.Fatal(err)
		}
		return trust
	}
	first := open()
	if err := errors.Join(first.Allow("a", "a"), first.Allow("b", "b")); err != nil {
		t.Fatal(err)
	}
	second := open()
	if err := errors.Join(first.Revoke("a"), second.Allow("c", "c")); err != nil {
		t.Fatal(err)
	}
	if third := open(); third.Trusts("a") || !third.Trusts("b") || !third.Trusts("c") || second.Trusts("a") {
		t.Error("what was switched off came back, or what was on is lost")
	}
}

// Whatever step of writing fails, the old list or the new one stands.
func TestTrustSurvivesADiskThatFails(t *testing.T) {
	for n := 1; ; n++ {
		list := filepath.Join(t.TempDir(), "trusted.json")
		trust, err := script.OpenTrust(list)
		if err != nil {
			t.Fatal(err)
		}
		if err := trust.Allow("old", "old"); err != nil {
			t.Fatal(err)
		}
		step := 0
		restore := files.Fail(func(files.Step, string) error {
			if step++; step == n {
				return errors.New("the disk is full")
			}
			return nil
		})
		err = trust.Allow("new", "new")
		restore()
		again, damaged := script.OpenTrust(list)
		if damaged != nil || !again.Trusts("old") {
			t.Errorf("step %d leaves %v", n, damaged)
		}
		if step < n {
			if err != nil || !again.Trusts("new") {
				t.Errorf("without a fault: %v", err)
			}
			return
		}
		if err == nil {
			t.Errorf("step %d failed in silence", n)
		}
	}
}
