package cli_test

import (
	"os/exec"
	"strings"
	"testing"

	"picasso/ui/cli"
)

func TestManualAndCompletionKnowEveryFlagAndMethod(t *testing.T) {
	code, out, said := picasso(t.Context(), "manual")
	if code != cli.Done || !strings.HasPrefix(out, ".TH PICASSO 1") {
		t.Fatalf("exit code %d: %s", code, said)
	}
	for _, part := range []string{".SS explain", `\-\-visualizer`, ".SS doctor", ".SS view", `\-\-slices`, "soft tissue", `\-\-input\-name`, "EXIT STATUS"} {
		if !strings.Contains(out, part) {
			t.Errorf("the manual lacks %q", part)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		code, out, said := picasso(t.Context(), "completion", shell)
		if code != cli.Done {
			t.Fatalf("%s: exit code %d: %s", shell, code, said)
		}
		for _, part := range []string{"explain", "visualizer", "occlusion", "directml", "doctor", "dump", "view", "slices", "mediastinum"} {
			if !strings.Contains(out, part) {
				t.Errorf("%s: %q is not completed", shell, part)
			}
		}
	}
	if code, _, said := picasso(t.Context(), "completion", "tcsh"); code != cli.Usage || !strings.Contains(said, "bash, zsh or fish") {
		t.Errorf("exit code %d: %s", code, said)
	}
}

func TestBashCompletesAMethod(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash to complete in")
	}
	_, script, _ := picasso(t.Context(), "completion", "bash")
	complete := func(words string, at int) string {
		t.Helper()
		cmd := exec.Command(shell, "-c", script+"COMP_WORDS=("+words+"); COMP_CWORD=$1; _picasso; echo \"${COMPREPLY[*]}\"", "bash", string(rune('0'+at)))
		cmd.Dir = t.TempDir() // files are completed too
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if got := complete("picasso exp", 1); got != "explain" {
		t.Errorf("exp is completed as %q", got)
	}
	if got := complete("picasso explain --visualizer predi", 3); got != "prediction" {
		t.Errorf("predi is completed as %q", got)
	}
	if got := complete("picasso inspect --du", 2); got != "--dump" {
		t.Errorf("--du is completed as %q", got)
	}
}

func TestVersionNamesWhatTheProgramIsMadeOf(t *testing.T) {
	code, out, said := picasso(t.Context(), "version")
	if code != cli.Done || !strings.HasPrefix(out, "picasso test\nONNX Runtime ") || !strings.Contains(out, "\nGo go1.") {
		t.Errorf("exit code %d: %s%s", code, out, said)
	}
}
