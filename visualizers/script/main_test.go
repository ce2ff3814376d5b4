package script_test

import (
	"fmt"
	"os"
	"testing"

	"picasso/visualizers/script"
)

// showEnvironment makes the test binary a sandbox that tells what it was given.
const showEnvironment = "show-environment"

// switchOn makes it a program that switches a text on in a list.
const switchOn = "switch-on"

// The test binary is its own sandbox, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == script.Command {
		os.Exit(script.Serve(os.Stdin, os.Stdout, os.Stderr))
	}
	if len(os.Args) > 1 && os.Args[1] == showEnvironment {
		fmt.Fprintln(os.Stderr, "environment:", os.Environ())
		os.Exit(3)
	}
	if len(os.Args) == 4 && os.Args[1] == switchOn {
		trust, err := script.OpenTrust(os.Args[2])
		if err == nil {
			err = trust.Allow(os.Args[3]+".star", os.Args[3])
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func host(t testing.TB) *script.Host {
	t.Helper()
	h, err := script.NewHost()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// example loads one of the shipped scripts.
func example(t testing.TB, name string) *script.Script {
	t.Helper()
	all, err := script.Examples()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.Name == name {
			s, err := host(t).Load(t.Context(), e.Name, e.Text)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatalf("there is no example %q", name)
	return nil
}
