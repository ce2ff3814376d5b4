package cli_test

import (
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/assets/assetstest"
	"picasso/ui/cli"
)

// trustResult is what scripts read of the tests.
type trustResult struct {
	Maps []struct {
		Visualizer string
		Trust      struct {
			Cover struct {
				Verdict, Said, Substrate       string
				Steps, Passes                  int
				Fractions, Deletion, Insertion []float64
				AUCDeletion                    float64 `json:"auc_deletion"`
				AUCInsertion                   float64 `json:"auc_insertion"`
				Gain                           float64
				Kin                            bool `json:"same_test_as_the_method"`
				Random                         struct{ Mean, SD float64 }
				Edges                          struct{ Gain float64 }
			}
			EdgeLikeness *float64                    `json:"edge_likeness"`
			OtherClass   *struct{ Spearman float64 } `json:"other_class"`
			Region       *struct {
				Verdict                           string
				Hit                               bool
				Mass, Area, Lift, AUPRC, Distance float64
			}
			Agreement *struct {
				With []struct{ Visualizer string }
			}
			Stability    *struct{ Shifts []float64 }
			Pictures     *struct{ Pictures int } `json:"every_picture"`
			Completeness *float64                `json:"completeness_gap"`
		}
	}
	Timing struct {
		TrustMS float64 `json:"trust_ms"`
	}
}

func readTrust(t *testing.T, path string) trustResult {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r trustResult
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// maskOf draws rectangles into a mask of the samples' size.
func maskOf(t *testing.T, size image.Point, inside image.Rectangle) string {
	t.Helper()
	m := image.NewGray(image.Rectangle{Max: size})
	for y := inside.Min.Y; y < inside.Max.Y; y++ {
		for x := inside.Min.X; x < inside.Max.X; x++ {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	path := filepath.Join(t.TempDir(), "mask.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExplainJudgesItsMaps(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	truth := assetstest.Sample(t, "tanks-fair").Truth[filepath.Base(images[0])]
	out := t.TempDir()
	code, said, errs := picasso(t.Context(), "explain", "--model", model, "--image", images[0], "--visualizer", "occlusion", "--visualizer", "integrated-gradients",
		"--trust", "--region", maskOf(t, image.Pt(128, 128), *truth.Tank), "--out", out)
	if code != cli.Done {
		t.Fatalf("%d: %s", code, errs)
	}
	r := readTrust(t, filepath.Join(out, "1-tank-clouds", "result.json"))
	occlusion, integrated := r.Maps[0].Trust, r.Maps[1].Trust
	c := occlusion.Cover
	if c.Verdict != "passes" || c.Substrate != "mean" || c.Steps != 16 || len(c.Fractions) != 17 || len(c.Deletion) != 17 || len(c.Insertion) != 17 || c.Fractions[16] != 1 ||
		c.Gain < .3 || c.AUCInsertion <= c.AUCDeletion || c.Random.SD <= 0 || c.Edges.Gain >= c.Gain || !c.Kin {
		t.Errorf("cover test: %+v", c)
	}
	if integrated.Cover.Passes > 40 || integrated.Cover.Kin {
		t.Errorf("the second map of the picture: %+v", integrated.Cover)
	}
	if occlusion.EdgeLikeness == nil || occlusion.OtherClass == nil || occlusion.OtherClass.Spearman > -.9 || occlusion.Completeness != nil || integrated.Completeness == nil {
		t.Errorf("other tests: %+v, %+v", occlusion, integrated)
	}
	if g := occlusion.Region; g == nil || g.Verdict != "passes" || !g.Hit || g.Lift < 1.5 || g.Distance != 0 {
		t.Errorf("region: %+v", g)
	}
	if a := occlusion.Agreement; a == nil || len(a.With) != 1 || a.With[0].Visualizer != "integrated-gradients" {
		t.Errorf("agreement: %+v", a)
	}
	if occlusion.Stability != nil || occlusion.Pictures != nil || r.Timing.TrustMS <= 0 {
		t.Errorf("what was not asked for: %+v", occlusion)
	}
	for _, want := range []string{"occlusion, P(tank): Cover test: passes. Covering what this map marks", "Inside your region: passes.", "Adds up: passes."} {
		if !strings.Contains(said, want) {
			t.Errorf("standard output lacks %q:\n%s", want, said)
		}
	}
}

func TestExplainRunsTheTestsThatAreNamed(t *testing.T) {
	model, images := sample(t, "tanks-biased")
	out := t.TempDir()
	args := []string{"explain", "--model", model, "--visualizer", "grad-cam", "--out", out, "--trust", "stability,pictures"}
	for _, i := range images[:3] {
		args = append(args, "--image", i)
	}
	if code, _, errs := picasso(t.Context(), append(args, "--target", "tank")...); code != cli.Done {
		t.Fatalf("%d: %s", code, errs)
	}
	r := readTrust(t, filepath.Join(out, "3-empty-clear", "result.json")).Maps[0].Trust
	if r.Stability == nil || len(r.Stability.Shifts) != 2 || r.Pictures == nil || r.Pictures.Pictures != 2 || r.Cover.Verdict != "" || r.EdgeLikeness != nil {
		t.Errorf("%+v", r)
	}
}

func TestExplainRefusesTestsThatCannotBe(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	base := []string{"explain", "--model", model, "--image", images[0], "--visualizer", "saliency", "--out", t.TempDir()}
	for _, row := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--trust=truth"}, cli.Usage, `"truth" is no test`},
		{[]string{"--trust", "region"}, cli.Usage, "needs --region"},
		{[]string{"--trust", "--trust-substrate", "white"}, cli.Usage, "choose auto, mean"},
		{[]string{"--trust", "class", "--trust-substrate", "mean"}, cli.Usage, "add --trust cover"},
		{[]string{"--region", filepath.Join(t.TempDir(), "none.png")}, cli.Usage, "none.png"},
		{[]string{"--region", maskOf(t, image.Pt(64, 64), image.Rect(1, 1, 3, 3))}, cli.SomeFailed, "own size"},
		{[]string{"--region", images[1]}, cli.Usage, "many different values"},
	} {
		code, _, errs := picasso(t.Context(), append(base, row.args...)...)
		if code != row.code || !strings.Contains(errs, row.want) {
			t.Errorf("%v: %d, %s", row.args, code, errs)
		}
	}
}
