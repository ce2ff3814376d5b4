package ort

import (
	"fmt"
	"strings"
)

func (p place) line(what string) string { return fmt.Sprintf("%s (%s): %s", p.path, p.origin, what) }

// libraryFault says in words why a library could not be loaded.
func libraryFault(err error) string {
	text := err.Error()
	has := func(part string) bool { return strings.Contains(text, part) }
	switch {
	case has("ORT API base: 2"):
		return fmt.Sprintf("another version of ONNX Runtime; %s is needed (programming interface %d)", Version, apiVersion)
	case has("OrtGetApiBase"), has("ORT API base"):
		return "a library, but not ONNX Runtime"
	case has("wrong ELF class"), has("incompatible architecture"), has("cannot open shared object file: Exec format"),
		has("not a valid Win32 application"):
		return "made for another kind of processor or system"
	case has("invalid ELF header"), has("file too short"), has("not a mach-o"), has("slice is not valid"):
		return "not a library"
	case has("GLIBC_"), has("GLIBCXX_"):
		return "needs a newer system: " + lastPart(text)
	case has("No such file"), has("no such file"), has("not be found"), has("image not found"):
		return missing(text)
	case has("Permission denied"), has("permission denied"):
		return "cannot be read: permission denied"
	}
	return lastPart(text)
}

// missing tells a library that is not there from one that needs another.
// The loader writes "NEEDED: cannot open shared object file".
func missing(text string) string {
	tail, found := strings.CutSuffix(text, ": cannot open shared object file: No such file or directory")
	if !found {
		return "not there"
	}
	_, library, quoted := strings.Cut(tail, `": `)
	named, _, _ := strings.Cut(strings.TrimPrefix(text[strings.Index(text, `"`)+1:], ""), `"`)
	if quoted && library != named {
		return "needs " + library + ", which is missing"
	}
	return "not there"
}

func lastPart(text string) string {
	if i := strings.LastIndex(text, `": `); i >= 0 {
		return text[i+3:]
	}
	return text
}

// remedy is what the user can do when no library works.
func remedy(only bool) string {
	if only {
		return fmt.Sprintf("Give the library or its folder with --onnxruntime or %s, or give neither to search in the usual places.", Variable)
	}
	text := fmt.Sprintf("To fix this, run “make setup”, which fetches ONNX Runtime %s", Version)
	if folder := CacheFolder(); folder != "" {
		text += " into " + folder
	}
	return text + fmt.Sprintf(", or give the path of a library with --onnxruntime or %s.", Variable)
}
