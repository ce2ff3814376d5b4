// Package pages writes what is read about the command line away from it: the
// manual page, and completions for shells. It knows the commands as data.
package pages

// Page is one command as manuals and shells know it.
type Page struct {
	Name, Args, About string
	Flags             []Flag
}

// Flag is one flag: --name value.
type Flag struct {
	Name, Value string // Value is "" for a switch
	Usage       string
	Fallback    string   // what holds without it, "" when nothing or empty
	Choices     []string // what it can be set to, where that is known beforehand
}
