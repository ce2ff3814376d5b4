package formula

import (
	"encoding/json"
	"reflect"
	"testing"

	"picasso/backend/jsondoc"
)

// What Python makes of the same formulas.
func TestFormulas(t *testing.T) {
	const parts = `"roi": [96, 80, 64], "half": "$@roi[0] // 2", "net": {"sizes": [{"k": 3}, 5.5]}, "again": "@half", "circle": "@circle", "a": "$@b", "b": "$@a + 1", "name": "trilinear"`
	for text, want := range map[string]string{
		`"@roi"`: `[96, 80, 64]`, `"$@roi"`: `[96, 80, 64]`, `"@half"`: `48`, `"@again"`: `48`, `"$@again * 2"`: `96`,
		`"@net#sizes#0"`: `{"k": 3}`, `"@net::sizes::1"`: `5.5`, `"$@net#sizes#0#k"`: `3`, `"@name"`: `"trilinear"`,
		`"$[96] * 3"`: `[96, 96, 96]`, `"$2 * (1, 2)"`: `[1, 2, 1, 2]`, `"$[1, 2] + [3]"`: `[1, 2, 3]`, `"$(96,)"`: `[96]`, `"$(96)"`: `96`,
		`"$1 / 4"`: `0.25`, `"$7 // 2 + 7 % 4"`: `6`, `"$-7 // 2"`: `-4`, `"$2 ** 5"`: `32`, `"$1 - 2 - 3"`: `-4`, `"$2 + 3 * 4"`: `14`, `"$(2 + 3) * 4"`: `20`,
		`"$int(@roi[-1] / 10)"`: `6`, `"$float(3)"`: `3`, `"$list(@roi)"`: `[96, 80, 64]`, `"$1e-3 * 2."`: `0.002`, `["$1 + 1", "x"]`: `[2, "x"]`, `{"k": "@half"}`: `{"k": 48}`,
		// What is not carried out stays.
		`"$@circle"`: `"$@circle"`, `"@circle"`: `"@circle"`, `"$@a"`: `"$@a"`, `"$import os"`: `"$import os"`, `"$os.system('x')"`: `"$os.system('x')"`, `"$1 / 0"`: `"$1 / 0"`,
		`"$@roi[3]"`: `"$@roi[3]"`, `"$[1] * 9999999"`: `"$[1] * 9999999"`, `"$@roi * @roi"`: `"$@roi * @roi"`, `"$1 +"`: `"$1 +"`, `"@none"`: `"@none"`, `"plain"`: `"plain"`, `"$[[[0] * 900] * 900] * 900"`: `"$[[[0] * 900] * 900] * 900"`, `"$10 ** 400"`: `"$10 ** 400"`, `"$"`: `"$"`, `"@"`: `"@"`,
	} {
		root, err := jsondoc.Parse([]byte(`{` + parts + `, "asked": ` + text + `}`))
		if err != nil {
			t.Fatal(err)
		}
		got := Resolve(root).At("asked")
		var a, b any
		if json.Unmarshal(got.Raw, &a) != nil || json.Unmarshal([]byte(want), &b) != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s is %s, want %s", text, got.Raw, want)
		}
		if got.Line != 1 {
			t.Errorf("%s is in line %d", text, got.Line)
		}
	}
}

// Documents that would grow beyond bounds do not, and nothing makes it fail.
func FuzzResolve(f *testing.F) {
	f.Add(`{"a": ["@b", "@b"], "b": ["@c", "@c"], "c": ["@a", "$@a"]}`)
	f.Add(`{"a": "$[[[[[[1]]]]]] * 1000", "b": "$@a * 1000"}`)
	f.Add(`{"x": "$-----------(1)[0]"}`)
	f.Fuzz(func(t *testing.T, text string) {
		root, err := jsondoc.Parse([]byte(text))
		if err != nil {
			return
		}
		out := Resolve(root)
		if !json.Valid(out.Raw) {
			t.Errorf("%s becomes %s", text, out.Raw)
		}
	})
}
