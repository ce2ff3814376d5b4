package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/ort"
	"picasso/ui/cli"
)

// TestDoctorTellsWhatWasMeasured: how models are run is said where it was measured on
// as many cores as there are.
func TestDoctorTellsWhatWasMeasured(t *testing.T) {
	path, cores := filepath.Join(t.TempDir(), "tuning.json"), runtime.GOMAXPROCS(0)
	entry := func(letter string, cores, lanes int, gain float64) string {
		return fmt.Sprintf(`{"model":%q,"cores":%d,"lanes":%d,"gain":%v}`, strings.Repeat(letter, 64), cores, lanes, gain)
	}
	known := "[" + entry("a", cores, cores, 1.31) + "," + entry("b", cores, 1, 0.97) + "," + entry("c", cores+1, 2, 1.5) + "]"
	if err := os.WriteFile(path, []byte(known), 0o600); err != nil {
		t.Fatal(err)
	}
	doctor := func(args ...string) string {
		var out bytes.Buffer
		cli.Run(t.Context(), append([]string{"doctor"}, args...), cli.Env{
			Stdout: &out, Stderr: &out, Tuning: backend.NewTuning(path),
			Runtime: func(library, _ string) infer.Runtime {
				r, _ := ort.Load(ort.Config{Library: library})
				return r
			},
		})
		return out.String()
	}
	text := doctor()
	for _, want := range []string{"aaaaaaaaaaaa…", "1.31 times", "model bbbbbbbbbbbb…: each batch in one run"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said:\n%s", want, text)
		}
	}
	if strings.Contains(text, "cccc") {
		t.Errorf("what was measured on other cores is said:\n%s", text)
	}
	var d struct {
		Measured []backend.Tuned `json:"measured"`
		Threads  *int            `json:"threads"`
	}
	if err := json.Unmarshal([]byte(doctor("--json")), &d); err != nil || len(d.Measured) != 2 || d.Threads == nil {
		t.Errorf("%v, %+v", err, d)
	}
}
