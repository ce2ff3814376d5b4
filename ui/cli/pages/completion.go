package pages

import (
	"bytes"
	"fmt"
	"strings"
)

// Completions write the completion of a shell, by its name.
var Completions = map[string]func([]Page) string{"bash": bash, "zsh": zsh, "fish": fish}

func bash(list []Page) string {
	var b bytes.Buffer
	b.WriteString("# bash completion for picasso\n_picasso() {\n\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} flags=\n\tcase $before in\n")
	for _, o := range choices(list) {
		fmt.Fprintf(&b, "\t--%s) COMPREPLY=($(compgen -W %s -- \"$word\")); return ;;\n", o.Name, quoted(strings.Join(o.Choices, " ")))
	}
	b.WriteString("\tesac\n\tcase ${COMP_WORDS[1]} in\n")
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
		fmt.Fprintf(&b, "\t%s) flags=%s ;;\n", p.Name, quoted(flagWords(p)))
	}
	fmt.Fprintf(&b, "\tesac\n\tif [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$flags\" -- \"$word\")); return; fi\n")
	fmt.Fprintf(&b, "\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tif ((COMP_CWORD == 1)); then COMPREPLY+=($(compgen -W %s -- \"$word\")); fi\n}\n", quoted(strings.Join(names, " ")))
	b.WriteString("complete -o filenames -F _picasso picasso picasso-cli\n")
	return b.String()
}

func zsh(list []Page) string {
	var b bytes.Buffer
	b.WriteString("#compdef picasso picasso-cli\n_picasso() {\n\tlocal -a commands=(\n")
	for _, p := range list {
		fmt.Fprintf(&b, "\t\t%s\n", quoted(p.Name+":"+p.About))
	}
	b.WriteString("\t)\n\tif ((CURRENT == 2)); then _describe command commands; _files; return; fi\n\tcase ${words[2]} in\n")
	for _, p := range list {
		fmt.Fprintf(&b, "\t%s) _arguments", p.Name)
		for _, o := range p.Flags {
			fmt.Fprintf(&b, " %s", quoted("*--"+o.Name+"["+bracketed(o.Usage)+"]"+zshValue(o)))
		}
		b.WriteString(" '*:file:_files' ;;\n")
	}
	b.WriteString("\t*) _files ;;\n\tesac\n}\n_picasso \"$@\"\n")
	return b.String()
}

func zshValue(o Flag) string {
	switch names := o.Choices; {
	case names != nil:
		return ":" + o.Name + ":(" + strings.Join(names, " ") + ")"
	case o.Value == "":
		return ""
	}
	return ":" + bracketed(o.Value) + ":_files"
}

func bracketed(s string) string {
	return strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`).Replace(s)
}

func fish(list []Page) string {
	var b bytes.Buffer
	b.WriteString("# fish completion for picasso\n")
	for _, p := range list {
		fmt.Fprintf(&b, "complete -c picasso -n __fish_use_subcommand -a %s -d %s\n", p.Name, quoted(p.About))
		for _, o := range p.Flags {
			fmt.Fprintf(&b, "complete -c picasso -n '__fish_seen_subcommand_from %s' -l %s -d %s", p.Name, o.Name, quoted(o.Usage))
			if names := o.Choices; names != nil {
				fmt.Fprintf(&b, " -x -a %s", quoted(strings.Join(names, " ")))
			} else if o.Value != "" {
				b.WriteString(" -r")
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("complete -c picasso-cli -w picasso\n")
	return b.String()
}

// choices are the flags with known values, each once.
func choices(list []Page) []Flag {
	var out []Flag
	seen := map[string]bool{}
	for _, p := range list {
		for _, o := range p.Flags {
			if !seen[o.Name] && o.Choices != nil {
				seen[o.Name] = true
				out = append(out, o)
			}
		}
	}
	return out
}

func flagWords(p Page) string {
	var words []string
	for _, o := range p.Flags {
		words = append(words, "--"+o.Name)
	}
	return strings.Join(words, " ")
}

// quoted is a word that no shell reads anything into.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
