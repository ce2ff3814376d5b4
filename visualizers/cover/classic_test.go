package cover

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"slices"
	"testing"
)

// TestClassicGeometryAgreesWithTheFirstPicasso: all ninety combinations.
func TestClassicGeometryAgreesWithTheFirstPicasso(t *testing.T) {
	var ref struct {
		Occlusion map[string]struct {
			Window, Strides string
			Geometry        struct {
				Side    int   `json:"win_width"`
				Centers []int `json:"centers_horizontal"`
			}
		}
	}
	data, err := os.ReadFile(filepath.Join(fixtures.Path(t, "picasso"), "expected", "reference.json"))
	if err == nil {
		err = json.Unmarshal(data, &ref)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range ref.Occlusion {
		var share float64
		var n int
		if _, err := fmt.Sscan(c.Window, &share); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(c.Strides, &n); err != nil {
			t.Fatal(err)
		}
		side, starts := classicGeometry(share, n)
		for i := range starts {
			starts[i] += side / 2
		}
		if side != c.Geometry.Side || !slices.Equal(starts, c.Geometry.Centers) {
			t.Errorf("%s: side %d, centres %v; want %d, %v", name, side, starts, c.Geometry.Side, c.Geometry.Centers)
		}
	}
}
