package picture

import (
	"errors"
	"strings"
	"testing"

	. "picasso/backend/picture/dicom/dicomtest"
)

const (
	frameOfReference = 0x00200052
)

// Channels of a model lie at one place, or are refused in words that say how they do not.
func TestJoinedSeriesLieAtOnePlace(t *testing.T) {
	first := func(z float64, more ...[]Element) []byte {
		return File(append([][]Element{Flat(1), at("1.1", int(z), z), one(Text(frameOfReference, "UI", "1.9"))}, more...)...)
	}
	for name, c := range map[string]struct {
		second []Element // differs from the first series by these
		rows   int
		says   string // "": they are joined
		remark string
	}{
		"the same place":      {},
		"rounded":             {second: one(Text(position, "DS", `0.01\0\4`))},
		"beside":              {second: one(Text(position, "DS", `3\0\4`)), says: "lies 3 mm beside another channel in the patient (slice 2)"},
		"at an angle":         {second: one(Text(orientation, "DS", `1\0\0\0\0.9848\0.1736`)), says: "at an angle to those of another channel"},
		"other pixels":        {second: one(Text(spacing, "DS", `0.6\0.5`)), says: "pixels of 0.5×0.6 mm, another channel 0.5×0.5 mm"},
		"more pixels":         {rows: 3, says: "slices of 2×3 pixels, another channel 2×2"},
		"another reference":   {second: one(Text(frameOfReference, "UI", "1.8")), says: "another frame of reference"},
		"without a reference": {second: one(Text(frameOfReference, "UI", ""))},
		"without place":       {second: one(Text(orientation, "DS", "")), remark: "only some of the channels say where"},
	} {
		pixels := Flat(2)
		if c.rows > 0 {
			pixels = Grey(c.rows, 2, make([]int16, 2*c.rows))
		}
		files := [][]byte{first(0), first(4)}
		for _, z := range []float64{0, 4} {
			of := [][]Element{pixels, at("1.2", int(z), z), one(Text(frameOfReference, "UI", "1.9"))}
			if z == 4 || c.says == "" || !strings.Contains(c.says, "slice 2") {
				of = append(of, c.second)
			}
			if name == "rounded" && z == 0 {
				of = of[:3]
			}
			files = append(files, File(of...))
		}
		all := folderOf(t, files...)
		if len(all) != 2 {
			t.Fatalf("%s: %d series", name, len(all))
		}
		joined, err := Join("both", all, []string{"t1", "t2"})
		var told *Error
		switch {
		case c.says != "" && (!errors.As(err, &told) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, which does not say %q", name, err, c.says)
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.says == "" && (len(joined.Volumes()) != 2 || !strings.Contains(strings.Join(joined.Remarks, "; "), c.remark)):
			t.Errorf("%s: %d volumes, remarks %q", name, len(joined.Volumes()), joined.Remarks)
		}
	}
}
