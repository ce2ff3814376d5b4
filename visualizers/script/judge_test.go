package script_test

import (
	"math"
	"strings"
	"testing"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/script"
	"picasso/visualizers/trust"
	"picasso/visualizers/vistest"
)

const judging = `
visualizer(id="judging", title="Judging", about="Says what the tests of trust say of its map.", link="https://example.org", returns=["map", "table"], signed=True)

def run(ctx, x, settings):
    map = x[0] - x[0].mean()
    t = ctx.trust(map)
    cover = t["cover"]
    return [map, table(["verdict", "substrate", "gain", "sd", "last", "outlines"],
        [[cover["verdict"], cover["substrate"], cover["gain"], cover["random"]["sd"], cover["deletion"][-1], t["edge_likeness"]]])]
`

func written(t *testing.T, text string) *script.Script {
	t.Helper()
	s, err := host(t).Load(t.Context(), "judging.star", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A script is told the same numbers that the tests find in its map.
func TestScriptsJudgeTheirMaps(t *testing.T) {
	n := vistest.Corner(1, 24, 24, 8)
	for i := range n.Read[0] {
		n.Read[0][i] *= 5
	}
	s := written(t, judging)
	in := input(t, s, n, score.ClassTarget(0, score.Probability))
	r := explain(t, s, in)
	row := r.Parts[0].Table.Rows[0]
	var judge trust.Judge
	c, err := judge.Cover(t.Context(), in, r.Maps[0], trust.CoverOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Random == nil {
		t.Fatalf("%+v", c)
	}
	if row[0] != string(c.Word) || row[1] != c.Substrate {
		t.Errorf("the script was told %v, the test says %s with %s", row, c.Word, c.Substrate)
	}
	e := trust.LikeOutlines(in, r.Maps[0])
	for i, want := range []trust.Number{c.Gain, c.Random.SD, c.Deletion[len(c.Deletion)-1], e.Spearman} {
		if got, ok := row[2+i].(float64); !ok || math.Abs(got-float64(want)) > 1e-6 {
			t.Errorf("column %d is %v, want %v", 2+i, row[2+i], want)
		}
	}
	if r.Passes != c.Passes {
		t.Errorf("%d passes counted, want %d", r.Passes, c.Passes)
	}
	for _, bad := range []string{"ctx.trust(3)", "ctx.trust(text(\"no map\"))", "ctx.trust(tensor([1]))"} {
		s := written(t, strings.Replace(judging, "ctx.trust(map)", bad, 1))
		if _, err := s.Explain(t.Context(), input(t, s, n), func(visualizers.Result) {}); err == nil || !strings.Contains(err.Error(), "heat map") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
