// Command testreport makes the output of go test -json short enough to read:
//
//	go test -json ./... | go run ./scripts/testreport
//
// It prints one line for each package and the output of tests that fail, as
// they come, and ends with the reasons why tests were skipped and how many tests
// passed, failed and were skipped. Its exit status is 1 when a test or a build
// failed, when a package did not finish, and when nothing was reported at all.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	r := newReport(os.Stdout)
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		if err != nil {
			break
		}
	}
	if err := r.end(); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
}
