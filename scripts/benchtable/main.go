// Command benchtable sets what benchmarks measured beside what was to be reached:
//
//	go test -bench . ./... | go run ./scripts/benchtable
//
// What it reads goes on to standard error as it comes. At the end there is a table with
// the goal and the figure of each row, the median where a benchmark ran several times.
// Rows that no benchmark measures name the command that does. The exit status says
// whether the benchmarks ran, not whether goals were reached: times depend on the machine.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

func main() {
	m := measured{}
	failed, err := m.read(os.Stdin, os.Stderr)
	if err == nil {
		err = m.write(os.Stdout, rows)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchtable:", err)
	}
	if err != nil || failed {
		os.Exit(1)
	}
}

// read takes in all figures and passes the lines on. failed tells that a test failed.
func (m measured) read(in io.Reader, log io.Writer) (failed bool, err error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fmt.Fprintln(log, lines.Text())
		failed = m.line(lines.Text()) || failed
	}
	return failed, lines.Err()
}
