//go:build !cli

package main

import (
	"os"
	"path/filepath"
	"strings"

	"picasso/backend/infer"
	"picasso/ui/cli"
)

// about is what the window says about itself: the versions of all parts, one per
// line.
func about(r infer.Runtime) string {
	var lines []string
	for _, row := range cli.Versions(version, r) {
		lines = append(lines, row[0]+" "+row[1])
	}
	return strings.Join(lines, "\n")
}

// notices is the file with the licences, where the packages put it; "" for a
// program that was built here.
func notices() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	folder := filepath.Dir(program)
	for _, place := range []string{".", "../../share/doc/picasso", "../Resources"} {
		path := filepath.Join(folder, place, "THIRD-PARTY-NOTICES.txt")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}
