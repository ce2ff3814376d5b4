package metadata

import (
	"os"
	"strings"
	"testing"

	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// The document shows the schema that the program checks against, and names
// every preset.
func TestSidecarIsDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/sidecar.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "```json\n"+string(sidecarSchema)+"```") {
		t.Error("docs/sidecar.md does not hold sidecar.schema.json as it is")
	}
	for _, p := range preprocess.Presets() {
		if !strings.Contains(string(data), "`"+p.Name+"`") {
			t.Errorf("docs/sidecar.md does not name the preset %s", p.Name)
		}
	}
}

// Every kind of output can be written into a sidecar and is described.
func TestKindsAreDocumented(t *testing.T) {
	for _, file := range []string{"../../docs/models.md", "../../docs/sidecar.md"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range score.Kinds() {
			if !strings.Contains(string(data), "`"+string(k)+"`") {
				t.Errorf("%s does not describe the kind %q", file, k)
			}
		}
	}
	for _, k := range score.Kinds() {
		if _, err := parseSidecar([]byte(`{"kind": "` + string(k) + `"}`)); err != nil {
			t.Errorf("kind %q: %v", k, err)
		}
	}
}
