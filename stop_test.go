//go:build unix

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"picasso/ui/cli"
)

// stubborn names the environment of a process whose work does not stop; its
// value is how long that is put up with.
const stubborn = "PICASSO_TEST_STUBBORN"

func TestMain(m *testing.M) {
	if most, err := time.ParseDuration(os.Getenv(stubborn)); err == nil {
		ctx := stopping(cli.SomeFailed, most)
		fmt.Println("working")
		<-ctx.Done()
		fmt.Println("asked to stop")
		select {}
	}
	os.Exit(m.Run())
}

// A second signal ends the program at once, whatever it does; without one, work
// that does not stop is given up in time.
func TestWorkThatDoesNotStop(t *testing.T) {
	for _, c := range []struct {
		most          string
		first, second syscall.Signal
		code          int
	}{
		{"1h", syscall.SIGINT, syscall.SIGINT, 130},
		{"1h", syscall.SIGTERM, syscall.SIGINT, 130},
		{"1h", syscall.SIGINT, syscall.SIGTERM, 143},
		{"100ms", syscall.SIGINT, 0, cli.SomeFailed},
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), stubborn+"="+c.most)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		said := bufio.NewScanner(out)
		for _, s := range []syscall.Signal{c.first, c.second} {
			if said.Scan(); s == 0 {
				break
			}
			if err := cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
		}
		if said.Text() != "asked to stop" {
			t.Errorf("%+v: it said %q", c, said.Text())
		}
		_ = cmd.Wait()
		if got := cmd.ProcessState.ExitCode(); got != c.code {
			t.Errorf("%+v: exit code %d", c, got)
		}
	}
}
