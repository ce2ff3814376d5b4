package ort

import (
	"fmt"
	"regexp"
	"strings"

	"picasso/backend/infer"
)

// fits checks a shape against the port it is for. A port of unknown rank takes
// any.
func fits(p infer.Port, shape []int) error {
	if p.Shape == nil {
		return nil
	}
	wrong := len(p.Shape) != len(shape)
	for i := 0; !wrong && i < len(p.Shape); i++ {
		wrong = p.Shape[i] >= 0 && p.Shape[i] != shape[i]
	}
	if wrong {
		return &infer.ShapeError{Port: p.Name, Want: p.Shape, Have: shape}
	}
	return nil
}

// runFault says in words why a run failed.
func runFault(model string, err error) error {
	text := err.Error()
	if outOfMemory(text) {
		return fmt.Errorf("%s: %w (%s)", model, infer.ErrOutOfMemory, plain(text))
	}
	return &infer.RunError{Model: model, Fault: plain(text)}
}

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
