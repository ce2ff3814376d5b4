package locale

import "testing"

func TestLanguageless(t *testing.T) {
	for _, c := range []struct {
		all, messages, lang string
		want                bool
	}{
		{"", "", "C.UTF-8", true},
		{"", "", "C.utf8", true},
		{"C.UTF-8", "", "de_DE.UTF-8", true},
		{"", "de_DE.UTF-8", "C.UTF-8", false},
		{"", "", "C", false},
		{"", "", "", false},
		{"", "", "C.", false},
		{"", "", "POSIX.UTF-8", true},
		{"", "", "cs_CZ.UTF-8", false},
	} {
		if got := languageless(c.all, c.messages, c.lang); got != c.want {
			t.Errorf("%q %q %q: %v", c.all, c.messages, c.lang, got)
		}
	}
}
