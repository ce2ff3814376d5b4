package cli_test

import (
	"strings"
	"testing"
)

// A setting that changes nothing beside the others is told, with what it wants.
func TestASettingThatChangesNothingIsTold(t *testing.T) {
	model, images := sample(t, "tanks-biased")
	explain := []string{"explain", "--model", model, "--image", images[0], "--visualizer", "occlusion", "--set", "size=64", "--set", "stride=64", "--set", "seed=3", "--provider", "cpu", "--out"}
	const told = "occlusion: --set seed=3 changes nothing; it matters only with --set fill=noise"
	if code, _, stderr := picasso(t.Context(), append(explain, t.TempDir())...); code != 0 || !strings.Contains(stderr, told) {
		t.Errorf("exit code %d, says %q", code, stderr)
	}
	if code, _, stderr := picasso(t.Context(), append(explain, t.TempDir(), "--set", "fill=noise")...); code != 0 || strings.Contains(stderr, "changes nothing") {
		t.Errorf("with noise: exit code %d, says %q", code, stderr)
	}
}
