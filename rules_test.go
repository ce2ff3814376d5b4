package main

import (
	"bytes"
	"os/exec"
	"slices"
	"strconv"
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
	{"picasso/backend/onnx/axes", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/onnx/gradient", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/onnx/incremental", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/onnx/shuffle", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/onnx/outline", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/onnx/shapes", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/picture", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/picture/kernel", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/picture/dicom/part10", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/picture/dicom/derived", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/picture/planes", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend", "", []string{"picasso/backend/ort", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/files", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/labelfile", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/infer", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/preprocess", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/score", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/metadata", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/metadata/sources", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/gradients", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/perturb", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/ort", "", []string{"picasso/visualizers", "picasso/ui", "fyne.io"}},
	{"picasso/backend/quarantine", "", []string{"picasso/backend/ort", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	// What stands between the program and what nobody vouches for needs little.
	{"picasso/backend/confine", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "net/http", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/files", "", []string{"picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/spreadsheet", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/visible", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/assets", "", []string{"picasso/ui", "picasso/backend", "picasso/visualizers", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/coco", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/backend/mask", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/trust", "", []string{"picasso/ui", "picasso/backend/ort", "picasso/visualizers/answer", "picasso/visualizers/cover", "picasso/visualizers/gradient", "picasso/visualizers/layers", "picasso/visualizers/sampling", "picasso/visualizers/render", "picasso/visualizers/script", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/trust/similarity", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/compare", "", []string{"picasso/ui", "picasso/backend/ort", "picasso/visualizers/answer", "picasso/visualizers/cover", "picasso/visualizers/gradient", "picasso/visualizers/layers", "picasso/visualizers/sampling", "picasso/visualizers/render", "picasso/visualizers/script", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/inpaint", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/ascent", "", []string{"picasso/ui", "picasso/backend/ort", "picasso/visualizers/answer", "picasso/visualizers/cover", "picasso/visualizers/gradient", "picasso/visualizers/layers", "picasso/visualizers/sampling", "picasso/visualizers/render", "picasso/visualizers/script", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/render", "", []string{"picasso/visualizers", "picasso/backend", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/superpixel", "", []string{"picasso/visualizers", "picasso/backend", "picasso/ui", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/trust/sanity", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/methods", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/script", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/script/star", "", []string{"picasso/visualizers", "picasso/backend", "picasso/ui", "net", "os/exec", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/drawing", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/drawing/animation", "", []string{"picasso/ui", "picasso/backend", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/audit", "", []string{"picasso/ui", "picasso/backend/ort", "picasso/visualizers/answer", "picasso/visualizers/cover", "picasso/visualizers/gradient", "picasso/visualizers/layers", "picasso/visualizers/sampling", "picasso/visualizers/render", "picasso/visualizers/script", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/audit/statistics", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/audit/ways", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	// Labels and the folder of an audit know nothing of models.
	{"picasso/visualizers/audit/labels", "", []string{"picasso/ui", "picasso/backend/infer", "picasso/backend/onnx", "picasso/visualizers", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/audit/performance", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/audit/store", "", []string{"picasso/ui", "picasso/backend/ort", "picasso/visualizers/audit/labels", "picasso/visualizers/audit/cases", "fyne.io", "github.com/yalue"}},
	{"picasso/visualizers/audit/cases", "", []string{"picasso/ui", "picasso/backend/ort", "picasso/visualizers/audit/labels", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/report/digest", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/auditing", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/survey", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/audit", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/report", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/report/pacs", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/report/printed", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/task", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/crosshair", "", []string{"picasso/ui", "picasso/visualizers", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/history", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/session", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/settings", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/opened", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/assess", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/laid", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/archive", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/intake", "", []string{"picasso/ui", "picasso/backend", "picasso/visualizers", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/listing", "", []string{"picasso/ui", "picasso/visualizers", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/kept", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/insight", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/covering", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/sweep", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/covering", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/words", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/keys", "", []string{"picasso", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/widgets", "", []string{"picasso/ui", "picasso/visualizers", "picasso/backend", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/scanpane", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/planes", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/asking", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/welcome", "", []string{"picasso/ui", "picasso/visualizers", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/saving", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/imagelist", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/modelcard", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/inside", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/explain", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/compare", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/control/comparison", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/control/pages", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/pageform", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/viewer", "", []string{"picasso/ui", "picasso/backend", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	// What it prepares for the toolkit has to be done before that starts.
	{"picasso/ui/locale", "", []string{"picasso", "fyne.io", "strings", "text", "fmt"}},
	{"picasso/ui/instance", "", []string{"picasso/backend", "picasso/visualizers", "picasso/ui", "fyne.io"}},
	{"picasso/ui/cli", "", []string{"picasso/ui", "picasso/backend/ort", "fyne.io", "github.com/sqweek", "github.com/yalue"}},
	{"picasso/ui/cli/named", "", []string{"picasso/ui", "picasso/visualizers", "picasso/backend/ort", "fyne.io", "github.com/yalue"}},
	{"picasso/ui", "", []string{"picasso/ui/cli", "picasso/backend/ort", "fyne.io/fyne/v2/app", "golang.design", "github.com/yalue"}},
	{"picasso/ui/chooser", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso/ui/keyboard", "", []string{"picasso", "fyne.io/fyne/v2/app", "github.com/yalue"}},
	{"picasso/ui/repose", "", []string{"picasso", "fyne.io", "github.com/yalue"}},
	{"picasso", "", []string{"picasso/ui/uitest", "picasso/ui/xtest", "picasso/backend/fake", "picasso/assets/assetstest", "picasso/visualizers/vistest"}},
	{"picasso", "cli", []string{"fyne.io", "github.com/sqweek", "github.com/go-gl", "golang.design", "github.com/jezek"}},
}

var belowMetadata = []string{
	"picasso/backend/infer", "picasso/backend/preprocess", "picasso/backend/score", "picasso/backend/onnx", "picasso/backend/picture", "picasso/backend/regular",
	"picasso/backend/files", "picasso/backend/jsondoc", "picasso/backend/labelfile", "picasso/backend/npy",
}

// allowedBelow are packages that a forbidden prefix would catch although they
// lie below the package in question.
var allowedBelow = map[string][]string{
	"picasso/backend/onnx":                  {"picasso/backend/onnx"},
	"picasso/backend/onnx/axes":             {"picasso/backend/onnx"},
	"picasso/backend/onnx/gradient":         {"picasso/backend/onnx"},
	"picasso/backend/onnx/incremental":      {"picasso/backend/onnx"},
	"picasso/backend/onnx/shuffle":          {"picasso/backend/onnx", "picasso/backend/files", "picasso/backend/regular"},
	"picasso/backend/onnx/outline":          {"picasso/backend/onnx"},
	"picasso/backend/onnx/shapes":           {"picasso/backend/onnx"},
	"picasso/backend/files":                 {"picasso/backend/regular"},
	"picasso/backend/labelfile":             {"picasso/backend/files", "picasso/backend/regular"},
	"picasso/backend/picture":               {"picasso/backend/picture", "picasso/backend/regular"},
	"picasso/backend/picture/dicom/derived": {"picasso/backend/picture/dicom", "picasso/backend/picture/inflate", "picasso/backend/picture/kernel", "picasso/backend/picture/patient"},
	"picasso/backend/picture/planes":        {"picasso/backend/picture/dicom", "picasso/backend/picture/inflate", "picasso/backend/picture/kernel", "picasso/backend/picture/patient"},
	"picasso/backend/infer":                 {"picasso/backend/onnx"},
	"picasso/backend/preprocess":            {"picasso/backend/infer", "picasso/backend/onnx", "picasso/backend/picture", "picasso/backend/regular"},
	"picasso/backend/score":                 {"picasso/backend/infer", "picasso/backend/preprocess", "picasso/backend/onnx", "picasso/backend/picture", "picasso/backend/regular"},
	"picasso/backend/metadata":              belowMetadata,
	"picasso/backend/metadata/sources":      append([]string{"picasso/backend/metadata", "picasso/backend/pyliteral", "picasso/backend/textproto"}, belowMetadata...),
	"picasso/backend/gradients":             {"picasso/backend/infer", "picasso/backend/preprocess", "picasso/backend/score", "picasso/backend/onnx", "picasso/backend/picture", "picasso/backend/regular"},
	"picasso/backend/perturb":               {"picasso/backend/infer", "picasso/backend/preprocess", "picasso/backend/score", "picasso/backend/onnx", "picasso/backend/picture", "picasso/backend/regular"},
	"picasso/backend/mask":                  {"picasso/backend/coco", "picasso/backend/picture", "picasso/backend/npy", "picasso/backend/files", "picasso/backend/regular"},
	"picasso/visualizers/superpixel":        {"picasso/backend/infer", "picasso/backend/onnx"},
	"picasso/visualizers/render":            {"picasso/visualizers/render", "picasso/visualizers/spelling"},
	"picasso/assets":                        {"picasso/backend/files", "picasso/backend/regular"},
	// The interpreter's process sees no model: only messages and resampling.
	"picasso/visualizers/script/star": {"picasso/visualizers/script", "picasso/visualizers/spelling", "picasso/backend/picture", "picasso/backend/regular"},
	"picasso/ui/report":               {"picasso/ui/drawing"},
	"picasso/ui/report/pacs":          {"picasso/ui/report", "picasso/ui/drawing"},
	"picasso/ui/report/printed":       {"picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/report/digest":        {"picasso/ui/drawing"},
	"picasso/ui/control":              {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/control/crosshair":    {"picasso/ui/control/task"},
	"picasso/ui/control/session":      {"picasso/ui/drawing", "picasso/ui/control/intake"},
	"picasso/ui/control/comparison":   {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/control/pages":        {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/pageform":             {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report", "picasso/ui/widgets"},
	"picasso/ui/control/settings":     {"picasso/ui/drawing"},
	"picasso/ui/control/opened":       {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/control/insight":      {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/control/intake":       {"picasso/backend/picture", "picasso/backend/coco", "picasso/backend/files", "picasso/backend/regular", "picasso/visualizers/audit/labels"},
	"picasso/ui/control/listing":      {"picasso/ui/control/intake", "picasso/visualizers/audit/labels"},
	"picasso/ui/control/covering":     {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/control/sweep":        {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/control/archive":      {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/covering":             {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report", "picasso/ui/keys", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/imagelist":            {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/words":                {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/widgets":              {"picasso/backend/picture", "picasso/backend/regular"},
	"picasso/ui/scanpane":             {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/modelcard":            {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/inside":               {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report", "picasso/ui/keys", "picasso/ui/scanpane", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/planes":               {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report", "picasso/ui/scanpane", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/asking":               {"picasso/ui/control/task", "picasso/ui/widgets"},
	"picasso/ui/welcome":              {"picasso/ui/widgets"},
	"picasso/ui/saving":               {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/pageform", "picasso/ui/report", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/explain":              {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/planes", "picasso/ui/report", "picasso/ui/scanpane", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/compare":              {"picasso/ui/control", "picasso/ui/drawing", "picasso/ui/keys", "picasso/ui/report", "picasso/ui/scanpane", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
	"picasso/ui/viewer":               {"picasso/ui/viewer", "picasso/ui/widgets", "picasso/backend/picture", "picasso/backend/regular"},
	"picasso/ui/cli":                  {"picasso/ui/cli", "picasso/ui/auditing", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/auditing":             {"picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/control/survey":       {"picasso/ui/auditing", "picasso/ui/control", "picasso/ui/drawing", "picasso/ui/report"},
	"picasso/ui/audit":                {"picasso/ui/auditing", "picasso/ui/control", "picasso/ui/drawing", "picasso/ui/keys", "picasso/ui/report", "picasso/ui/scanpane", "picasso/ui/viewer", "picasso/ui/widgets", "picasso/ui/words"},
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

// No room of the program imports what belongs to tests. A library may: xgb does.
func TestTheProgramHoldsNoTests(t *testing.T) {
	for _, line := range strings.Split(goList(t, "-deps", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "picasso"), "\n") {
		names := strings.Fields(line)
		if len(names) > 0 && matches(names[0], []string{"picasso"}) && slices.Contains(names[1:], "testing") {
			t.Errorf("%s imports testing", names[0])
		}
	}
}

// A method knows the contract, its own family, and how to fill a part smoothly;
// layers also use the passes of gradient and the occlusion of cover, both draw
// with ascent, sampling divides into superpixels. Neither methods nor the runtime
// know the opened model: they are given what they may ask.
func TestImportsOfMethods(t *testing.T) {
	families := map[string][]string{"answer": nil, "cover": nil, "gradient": {"ascent"}, "layers": {"gradient", "cover", "ascent"}, "sampling": {"superpixel"}}
	for family, besides := range families {
		for _, dep := range strings.Fields(goList(t, "-deps", "picasso/visualizers/"+family)) {
			name, below := strings.CutPrefix(dep, "picasso/visualizers/")
			if below && name != family && name != "spelling" && name != "inpaint" && !slices.Contains(besides, name) {
				t.Errorf("the methods of %s must not depend on %s", family, dep)
			}
		}
	}
	for _, pkg := range strings.Fields(goList(t, "picasso/visualizers/...", "picasso/backend/ort")) {
		if slices.Contains(strings.Fields(goList(t, "-deps", pkg)), "picasso/backend") {
			t.Errorf("%s must not depend on picasso/backend itself", pkg)
		}
	}
}

// mostFiles is how many files that are no tests a room may have.
const mostFiles = 30

// crowded are the rooms that have more, each with its reason.
var crowded = map[string]string{
	"picasso/backend/onnx":          "one format: reading, queries and rewriting share its types",
	"picasso/backend/picture":       "one file a format; series and windows share its types",
	"picasso/backend/onnx/gradient": "one file for each family of operators",
}

func TestRoomsAreSmall(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(goList(t, "-f", "{{.ImportPath}} {{len .GoFiles}}", "./...")), "\n") {
		pkg, text, _ := strings.Cut(line, " ")
		files, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		_, known := crowded[pkg]
		switch {
		case files > mostFiles && !known:
			t.Errorf("%s has %d files; find the second room in it, or name it in crowded with the reason", pkg, files)
		case files <= mostFiles && known:
			t.Errorf("%s has %d files and need not be named in crowded", pkg, files)
		}
	}
}

func TestImportsOnlyOneRoomSeesTheRuntime(t *testing.T) {
	only := map[string][]string{
		"github.com/yalue/onnxruntime_go": {"picasso/backend/ort"},
		"fyne.io/fyne/v2/app":             {"picasso"},
		"github.com/sqweek/dialog":        {"picasso/ui/chooser"},
		"codeberg.org/go-pdf/fpdf":        {"picasso/ui/report/printed"},
		"github.com/go-gl/glfw/v3.3/glfw": {"picasso/ui/keyboard", "picasso/ui/repose"},
	}
	for _, line := range strings.Split(goList(t, "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./..."), "\n") {
		fields := strings.Fields(line)
		for i := 1; i < len(fields); i++ {
			if owners, ok := only[fields[i]]; ok && !slices.Contains(owners, fields[0]) {
				t.Errorf("%s imports %s, which only %s may", fields[0], fields[i], owners)
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
