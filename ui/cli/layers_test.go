package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"picasso/ui/cli"
)

func TestLayersOfTheDigitsSample(t *testing.T) {
	model, images := sample(t, "digits")
	code, out, said := picasso(t.Context(), "layers", "--model", model, "--image", images[7], "--json")
	var rows []struct {
		Name, Block, Axes string
		Operators         []string
		Shape, Cells      []int
		Parameters        int64
		MultiplyAdds      float64 `json:"multiply_adds"`
		ReceptiveField    []int   `json:"receptive_field"`
		UsableForCAM      bool    `json:"usable_for_cam"`
		Mean              *float64
	}
	if err := json.Unmarshal([]byte(out), &rows); code != cli.Done || err != nil || len(rows) < 4 {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	usable := 0
	for i, r := range rows {
		if r.Name == "" || len(r.Operators) == 0 || len(r.ReceptiveField) != 2 || r.Mean == nil {
			t.Errorf("row %d: %+v", i, r)
		}
		if r.UsableForCAM {
			usable++
			if len(r.Cells) != 2 || r.Axes != "N,C,h,w" {
				t.Errorf("row %d is a map, but %+v", i, r)
			}
		}
	}
	if usable == 0 {
		t.Error("no layer can be used for class activation maps")
	}
	if first, last := rows[0], rows[len(rows)-1]; first.ReceptiveField[0] > 7 || last.ReceptiveField[0] != 28 {
		t.Errorf("receptive fields: %v first, %v last", first.ReceptiveField, last.ReceptiveField)
	}
	code, out, _ = picasso(t.Context(), "layers", "--model", model)
	if code != cli.Done || !strings.Contains(out, "Conv") || strings.Contains(out, "mean") {
		t.Errorf("exit code %d: %s", code, out)
	}
	code, _, said = picasso(t.Context(), "layers", "--model", model, "--image", images[0], "--image", images[1])
	if code != cli.Usage || !strings.Contains(said, "one") {
		t.Errorf("two pictures: exit code %d: %s", code, said)
	}
}
