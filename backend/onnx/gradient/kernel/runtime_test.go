package kernel_test

import (
	"os"
	"strings"
	"testing"

	"picasso/backend/ort/orttest"
)

// TestPlacesOfTheRuntimesFunctions compares what we know of the runtime's interface with
// the header that the binding brings along.
func TestPlacesOfTheRuntimesFunctions(t *testing.T) {
	version := orttest.Places(t, "runtime.h", 10)
	own, err := os.ReadFile("runtime.h")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(own), "#define API_VERSION "+version+"\n") {
		t.Errorf("the binding asks for version %q", version)
	}
}
