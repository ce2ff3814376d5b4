package cli

import (
	"slices"
	"testing"
)

func TestFlagsMayFollowWords(t *testing.T) {
	for _, c := range []struct {
		args  []string
		words []string
		out   string
	}{
		{[]string{"a.png", "--out", "x", "b.png"}, []string{"a.png", "b.png"}, "x"},
		{[]string{"--out", "x", "--", "a.png", "--out", "y"}, []string{"a.png", "--out", "y"}, "x"},
		{[]string{"a.png", "--", "-b.png"}, []string{"a.png", "-b.png"}, ""},
		{nil, nil, ""},
	} {
		var words texts
		var out string
		fs := flags("test")
		fs.StringVar(&out, "out", "", "")
		if err := parse(Env{}, fs, c.args, &words); err != nil || !slices.Equal(words, c.words) || out != c.out {
			t.Errorf("%v: %v, %q, %v", c.args, words, out, err)
		}
	}
}
