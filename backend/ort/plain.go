package ort

import (
	"regexp"
	"strings"
)

// What the library and its binding put around their messages.
var (
	statusCode  = regexp.MustCompile(`\[ONNXRuntimeError\] : \d+ : \w+ : `)
	sourcePlace = regexp.MustCompile(`(?:\b[A-Za-z]:)?[\w./\\-]+\.(?:cc|cpp|cu|h):\d+ (?:[^()]*\((?:[^()]|\([^()]*\))*\) )?(?:const )?`)
	preambles   = regexp.MustCompile(`^(?:Error running network: |Error creating C session(?: from file)?: |` +
		`Load model from .*? ?failed:|Exception during initialization: |This is an invalid model\. (?:Error: )?|` +
		`Non-zero status code returned while running )`)
)

// plain cuts source positions, status codes and preambles out of a message of
// the library and keeps its first line.
func plain(text string) string {
	text = statusCode.ReplaceAllString(text, "")
	for {
		shorter := preambles.ReplaceAllString(sourcePlace.ReplaceAllString(text, ""), "")
		if shorter == text {
			break
		}
		text = shorter
	}
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(text)
}
