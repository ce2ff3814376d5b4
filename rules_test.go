package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// The one direction of imports: each row says what a package must not reach,
// directly or through others.
var forbidden = []struct {
	pkg   string
	tags  string
	never []string
}{
	{"picasso/backend/onnx", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/onnx/gradient", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/onnx/incremental", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/picture", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend", "", []string{"picasso/backend/ort", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/ort", "", []string{"picasso/visualizers", "picasso/ui", "fyne.io"}},
	{"picasso/assets", "", []string{"picasso/ui", "picasso/backend", "picasso/visualizers", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/render", "", []string{"picasso/visualizers", "picasso/backend", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/script", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/script/star", "", []string{"picasso/visualizers", "picasso/backend", "picasso/ui", "net", "os/exec", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/viewer", "", []string{"picasso/ui", "picasso/backend", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	// What it prepares for the toolkit has to be done before that starts.
	{"picasso/ui/locale", "", []string{"picasso", "fyne.io", "strings", "text", "fmt"}},
	{"picasso/ui/instance", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io"}},
	{"picasso/ui/cli", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/sqweek", "github.com/yalue"}},
	{"picasso/ui", "", []string{"picasso/ui/cli", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso", "cli", []string{"fyne.io", "github.com/sqweek", "github.com/go-gl"}},
}

// allowedBelow are packages that a forbidden prefix would catch although they
// lie below the package in question.
var allowedBelow = map[string][]string{
	"picasso/backend/onnx":             {"picasso/backend/onnx"},
	"picasso/backend/onnx/gradient":    {"picasso/backend/onnx"},
	"picasso/backend/onnx/incremental": {"picasso/backend/onnx"},
	"picasso/backend/picture":          {"picasso/backend/picture", "picasso/backend/regular"},
	"picasso/visualizers/render":       {"picasso/visualizers/render"},
	// The interpreter's process sees no model: only messages and resampling.
	"picasso/visualizers/script/star": {"picasso/visualizers/script", "picasso/visualizers/spelling", "picasso/backend/picture", "picasso/backend/regular"},
	"picasso/ui/control":              {"picasso/ui/control", "picasso/ui/drawing"},
	"picasso/ui/viewer":               {"picasso/ui/viewer"},
	"picasso/ui/cli":                  {"picasso/ui/cli", "picasso/ui/drawing"},
}

func TestImportsPointDown(t *testing.T) {
	for _, rule := range forbidden {
		out := goList(t, "-deps", "-tags", rule.tags, rule.pkg)
		for _, dep := range strings.Fields(out) {
			if dep != rule.pkg && matches(dep, rule.never) && !matches(dep, allowedBelow[rule.pkg]) {
				t.Errorf("%s must not depend on %s", rule.pkg, dep)
			}
		}
	}
}

func TestImportsOnlyOneRoomSeesTheRuntime(t *testing.T) {
	only := map[string]string{
		"github.com/yalue/onnxruntime_go": "picasso/backend/ort",
		"fyne.io/fyne/v2/app":             "picasso",
		"github.com/sqweek/dialog":        "picasso/ui/chooser",
	}
	for _, line := range strings.Split(goList(t, "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./..."), "\n") {
		fields := strings.Fields(line)
		for i := 1; i < len(fields); i++ {
			if owner, ok := only[fields[i]]; ok && fields[0] != owner {
				t.Errorf("%s imports %s, which only %s may", fields[0], fields[i], owner)
			}
		}
	}
}

func matches(pkg string, prefixes []string) bool {
	for _, p := range prefixes {
		if pkg == p || strings.HasPrefix(pkg, p+"/") {
			return true
		}
	}
	return false
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, &stderr)
	}
	return string(out)
}
