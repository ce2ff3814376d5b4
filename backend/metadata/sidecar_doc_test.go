package metadata

import (
	"os"
	"strings"
	"testing"

	"picasso/backend/preprocess"
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
