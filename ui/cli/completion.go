package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// completion prints the completion of one shell.
func completion(ctx context.Context, env Env, args []string) error {
	var shell texts
	if err := parse(env, flags("completion"), args, &shell); err != nil {
		return err
	}
	write := map[string]func(Env, []page) string{"bash": bash, "zsh": zsh, "fish": fish}[shell.String()]
	if write == nil {
		return wrong("name one shell: bash, zsh or fish")
	}
	_, err := fmt.Fprint(env.Stdout, write(env, pages(ctx, env)))
	return err
}

func bash(env Env, list []page) string {
	var b bytes.Buffer
	b.WriteString("# bash completion for picasso\n_picasso() {\n\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} flags=\n\tcase $before in\n")
	for _, o := range choices(env, list) {
		fmt.Fprintf(&b, "\t--%s) COMPREPLY=($(compgen -W %s -- \"$word\")); return ;;\n", o.name, quoted(strings.Join(o.names(env), " ")))
	}
	b.WriteString("\tesac\n\tcase ${COMP_WORDS[1]} in\n")
	var names []string
	for _, p := range list {
		names = append(names, p.name)
		fmt.Fprintf(&b, "\t%s) flags=%s ;;\n", p.name, quoted(flagWords(p)))
	}
	fmt.Fprintf(&b, "\tesac\n\tif [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$flags\" -- \"$word\")); return; fi\n")
	fmt.Fprintf(&b, "\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tif ((COMP_CWORD == 1)); then COMPREPLY+=($(compgen -W %s -- \"$word\")); fi\n}\n", quoted(strings.Join(names, " ")))
	b.WriteString("complete -o filenames -F _picasso picasso picasso-cli\n")
	return b.String()
}

func zsh(env Env, list []page) string {
	var b bytes.Buffer
	b.WriteString("#compdef picasso picasso-cli\n_picasso() {\n\tlocal -a commands=(\n")
	for _, p := range list {
		fmt.Fprintf(&b, "\t\t%s\n", quoted(p.name+":"+p.about))
	}
	b.WriteString("\t)\n\tif ((CURRENT == 2)); then _describe command commands; _files; return; fi\n\tcase ${words[2]} in\n")
	for _, p := range list {
		fmt.Fprintf(&b, "\t%s) _arguments", p.name)
		for _, o := range p.flags {
			fmt.Fprintf(&b, " %s", quoted("*--"+o.name+"["+bracketed(o.usage)+"]"+zshValue(env, o)))
		}
		b.WriteString(" '*:file:_files' ;;\n")
	}
	b.WriteString("\t*) _files ;;\n\tesac\n}\n_picasso \"$@\"\n")
	return b.String()
}

func zshValue(env Env, o option) string {
	switch names := o.names(env); {
	case names != nil:
		return ":" + o.name + ":(" + strings.Join(names, " ") + ")"
	case o.value == "":
		return ""
	}
	return ":" + bracketed(o.value) + ":_files"
}

func bracketed(s string) string {
	return strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`).Replace(s)
}

func fish(env Env, list []page) string {
	var b bytes.Buffer
	b.WriteString("# fish completion for picasso\n")
	for _, p := range list {
		fmt.Fprintf(&b, "complete -c picasso -n __fish_use_subcommand -a %s -d %s\n", p.name, quoted(p.about))
		for _, o := range p.flags {
			fmt.Fprintf(&b, "complete -c picasso -n '__fish_seen_subcommand_from %s' -l %s -d %s", p.name, o.name, quoted(o.usage))
			if names := o.names(env); names != nil {
				fmt.Fprintf(&b, " -x -a %s", quoted(strings.Join(names, " ")))
			} else if o.value != "" {
				b.WriteString(" -r")
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("complete -c picasso-cli -w picasso\n")
	return b.String()
}

// choices are the flags with known values, each once.
func choices(env Env, list []page) []option {
	var out []option
	seen := map[string]bool{}
	for _, p := range list {
		for _, o := range p.flags {
			if !seen[o.name] && o.names(env) != nil {
				seen[o.name] = true
				out = append(out, o)
			}
		}
	}
	return out
}

func flagWords(p page) string {
	var words []string
	for _, o := range p.flags {
		words = append(words, "--"+o.name)
	}
	return strings.Join(words, " ")
}

// quoted is a word that no shell reads anything into.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
