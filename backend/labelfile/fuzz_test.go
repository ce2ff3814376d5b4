package labelfile

import "testing"

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"cat\ndog\n", "n01440764 tench\n", "0: cat\n1: dog", `["a", {"name": "b"}]`, `{"0": ["n1", "cat"]}`,
		`{"id2label": {"0": "cat"}}`, `{"cat": 0}`, "id,name\n0,cat\n", "0,\"cat", "\ufeff\r\n",
	} {
		f.Add("x.csv", []byte(text))
		f.Add("x.txt", []byte(text))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		labels, err := Parse(name, data)
		if err == nil && len(labels) == 0 {
			t.Fatal("no labels and no error")
		}
	})
}
