// Package locale gives the toolkit a language where the system has none.
//
// Fyne takes the C of the locale C.UTF-8, the usual one of bare systems and
// containers, for a language and complains on stderr at every start, also that
// of a subcommand. It reads the environment while packages are initialised,
// before main, so the remedy has to be there earlier: this package needs
// nothing but package os, and of all packages that are ready Go initialises the
// one whose path comes first. Fyne's waits for text/template, which comes
// after ours.
package locale

import "os"

func init() {
	if languageless(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")) && os.Getenv("LANGUAGE") == "" {
		os.Setenv("LANGUAGE", "en") // for messages alone: numbers and sorting stay as they are
	}
}

// languageless reports whether the first locale that is set is C with an
// encoding: "C.UTF-8". Fyne knows a plain C.
func languageless(locales ...string) bool {
	for _, l := range locales {
		if l != "" {
			return len(l) > 2 && l[:2] == "C." || len(l) > 6 && l[:6] == "POSIX."
		}
	}
	return false
}
