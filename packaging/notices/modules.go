package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
)

// modules are the Go toolchain's library and every module in the binary, with
// the licences found in the module cache.
func modules(info *debug.BuildInfo) ([]part, error) {
	root, err := goOutput("env", "GOROOT")
	if err != nil {
		return nil, err
	}
	version := strings.TrimPrefix(info.GoVersion, "go")
	texts, err := licenceTexts(strings.TrimSpace(root), false)
	if err != nil {
		return nil, err
	}
	parts := []part{{Name: "Go standard library", Version: version, License: licenceName(texts), Texts: texts,
		Address: "pkg:golang/std@" + version}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		p, err := module(m)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func module(m *debug.Module) (part, error) {
	out, err := goOutput("mod", "download", "-json", m.Path+"@"+m.Version)
	if err != nil {
		return part{}, err
	}
	var found struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		return part{}, fmt.Errorf("find %s: %w", m.Path, err)
	}
	texts, err := licenceTexts(found.Dir, true)
	if err != nil {
		return part{}, err
	}
	if len(texts) == 0 {
		return part{}, fmt.Errorf("%s %s has no licence that could be passed on", m.Path, m.Version)
	}
	return part{Name: m.Path, Version: m.Version, License: licenceName(texts), Texts: texts, Sum: m.Sum,
		Address: "pkg:golang/" + m.Path + "@" + m.Version}, nil
}

func goOutput(args ...string) (string, error) {
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}

var (
	licenceFile = regexp.MustCompile(`(?i)^(.*[-_])?(licen[cs]e|copying|copyright|notice|patents|ofl)([-_.].*)?$`)
	unlinked    = regexp.MustCompile(`(?i)^(testdata|test|tests|_.*|\..*|cmd|examples?|node_modules)$`)
)

// licenceTexts reads the licence files of a folder, and of the folders in it
// when deep: modules carry C sources and fonts of others.
func licenceTexts(root string, deep bool) ([]text, error) {
	var texts []text
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && (!deep || unlinked.MatchString(d.Name())) {
				return fs.SkipDir
			}
			return nil
		}
		if !licenceFile.MatchString(d.Name()) || strings.HasSuffix(d.Name(), ".go") {
			return nil
		}
		body, err := readText(path)
		if err != nil || body == "" {
			return err
		}
		name, err := filepath.Rel(root, path)
		texts = append(texts, text{Name: filepath.ToSlash(name), Body: body})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for licences: %w", err)
	}
	return texts, nil
}
