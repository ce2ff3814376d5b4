package visible

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                             "",
		"größe 猫 🐈‍⬛ é":                "größe 猫 🐈‍⬛ é",
		"\x1b]0;title\a":               `\u001b]0;title\u0007`,
		"\x1b[2Jgone":                  `\u001b[2Jgone`,
		"a\r\nfake: done":              `a\u000d\u000afake: done`,
		"tab\tnul\x00del\x7f":          `tab\u0009nul\u0000del\u007f`,
		"c1 \u009b31m":                 `c1 \u009b31m`,
		"raw \x9b31m \xff":             `raw \x9b31m \xff`,
		"gnp.\u202eexe":                `gnp.\u202eexe`,
		"isolate\u2066\u2069\u2028end": `isolate\u2066\u2069\u2028end`,
		"�":                            "�",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

func TestProgram(t *testing.T) {
	for in, want := range map[string]string{
		"a = 1\r\n\tb = 'größe 猫'\n": "a = 1\n\tb = 'größe 猫'\n",
		"x = a\u200bb # \u202eright": `x = a\u200bb # \u202eright`,
		"a\rb\x1b[2J":                `a\u000db\u001b[2J`,
	} {
		if got := Program(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

// A writer that is given a text in any pieces shows it as in one.
func TestWriterJoinsWhatIsCut(t *testing.T) {
	const in = "é\x1b[2J 猫\n\u009b\t\xff.\r 🐈"
	for cut := range len(in) {
		var out strings.Builder
		w := &Writer{To: &out, Keep: "\n"}
		for _, part := range []string{in[:cut], in[cut:]} {
			if n, err := w.Write([]byte(part)); err != nil || n != len(part) {
				t.Fatal(n, err)
			}
		}
		if want := `é\u001b[2J 猫` + "\n" + `\u009b\u0009\xff.\u000d 🐈`; out.String() != want {
			t.Errorf("cut at %d: %q", cut, out.String())
		}
	}
}

// JSON that passes through a writer stays JSON and means the same.
func FuzzJSONStaysTheSame(f *testing.F) {
	f.Add("label \x1b[2J \u009b \u202e\u2028\x7f")
	f.Fuzz(func(t *testing.T, label string) {
		data, err := json.Marshal(map[string]string{"label": label})
		if err != nil {
			t.Skip()
		}
		var out strings.Builder
		if _, err := (&Writer{To: &out, Keep: "\n"}).Write(data); err != nil {
			t.Fatal(err)
		}
		var before, after map[string]string
		if json.Unmarshal(data, &before) != nil || json.Unmarshal([]byte(out.String()), &after) != nil || before["label"] != after["label"] {
			t.Fatalf("%q becomes %q", data, out.String())
		}
		if shown := Text(label); !utf8.ValidString(shown) || strings.ContainsFunc(shown, control) {
			t.Fatalf("%q is shown as %q", label, shown)
		}
	})
}
