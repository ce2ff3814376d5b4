package script

import (
	"embed"
	"path"
	"strings"
)

//go:embed examples/*.star
var exampleFiles embed.FS

// Example is a script that comes with the program, to read, to run and to
// start from.
type Example struct {
	Name string // base name of the file: "occlusion.star"
	Text string
}

// Examples lists the scripts that come with the program, by name.
func Examples() ([]Example, error) {
	entries, err := exampleFiles.ReadDir("examples")
	if err != nil {
		return nil, err
	}
	var out []Example
	for _, e := range entries {
		text, err := exampleFiles.ReadFile(path.Join("examples", e.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, Example{Name: e.Name(), Text: strings.ReplaceAll(string(text), "\r\n", "\n")})
	}
	return out, nil
}
