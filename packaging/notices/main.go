// Command notices writes what must accompany the program: the licences of
// everything linked into it, and the list of its parts (SPDX 2.3). Both come
// from the finished binary, so nothing can be forgotten or added by hand:
//
//	notices -binary FILE -version V -notices OUT.txt -sbom OUT.spdx.json \
//	        -library 'ONNX Runtime|1.24.3|MIT|licenses/onnxruntime.txt' …
//
// SOURCE_DATE_EPOCH is the time written into the list.
package main

import (
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
)

// part is one thing that the program is made of or comes with.
type part struct {
	Name, Version string
	License       string // SPDX identifier, or NOASSERTION
	Texts         []text
	Sum           string // Go's checksum of a module, "" for others
	Address       string // package URL
}

// text is one licence or notice.
type text struct{ Name, Body string }

// libraries are parts that are no Go modules, one flag each:
// name|version|SPDX identifier|file of the licence.
type libraries []part

func (l *libraries) String() string { return "" }

func (l *libraries) Set(s string) error {
	f := strings.Split(s, "|")
	if len(f) != 4 {
		return errors.New("want name|version|licence|file")
	}
	body, err := os.ReadFile(f[3])
	if err != nil {
		return err
	}
	*l = append(*l, part{
		Name: f[0], Version: f[1], License: f[2], Texts: []text{{Body: string(body)}},
		Address: "pkg:generic/" + strings.ToLower(strings.ReplaceAll(f[0], " ", "-")) + "@" + f[1],
	})
	return nil
}

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("notices: ", err)
	}
}

func run() error {
	var more libraries
	binary := flag.String("binary", "", "the finished `program`")
	version := flag.String("version", "", "its `version`")
	notices := flag.String("notices", "", "the `file` for the licences")
	sbom := flag.String("sbom", "", "the `file` for the list of parts")
	flag.Var(&more, "library", "another part as `name|version|licence|file`; may be repeated")
	flag.Parse()

	info, err := buildinfo.ReadFile(*binary)
	if err != nil {
		return fmt.Errorf("read what %s was built from: %w", *binary, err)
	}
	parts, err := modules(info)
	if err != nil {
		return err
	}
	parts = append(parts, more...)
	if err := os.WriteFile(*notices, writeNotices(parts), 0o644); err != nil {
		return err
	}
	when, err := buildTime()
	if err != nil {
		return err
	}
	data, err := writeSPDX(*version, when, parts)
	if err != nil {
		return err
	}
	return os.WriteFile(*sbom, data, 0o644)
}
