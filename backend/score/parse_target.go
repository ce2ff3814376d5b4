package score

import (
	"fmt"
	"strconv"
	"strings"
)

// Namer names the classes of a model.
type Namer interface {
	Classes() int
	ClassName(class int) string
}

// maxTargets bounds "top:N"; every target of a gradient costs a pass.
const maxTargets = 1000

// ParseTarget reads what to explain as users write it:
//
//	top       the best class of base
//	top:5     the five best
//	3         a class by its index
//	tank      a class by its name; case does not matter
//	cat-dog   the score of cat minus that of dog, both by name or index
//
// An index counts before a name. score is the scale of the targets.
func ParseTarget(text string, m Namer, base Scores, score Score) ([]Target, error) {
	text = strings.TrimSpace(text)
	if n, ok, err := parseTop(text); ok || err != nil {
		if err != nil {
			return nil, err
		}
		return topTargets(min(n, m.Classes()), base, score)
	}
	t, err := parseClasses(text, m, score)
	if err != nil {
		return nil, err
	}
	return []Target{t}, nil
}

// CheckTarget reports what [ParseTarget] cannot read, before there is a prediction.
func CheckTarget(text string, m Namer) error {
	text = strings.TrimSpace(text)
	if _, ok, err := parseTop(text); ok || err != nil {
		return err
	}
	_, err := parseClasses(text, m, Probability)
	return err
}

// parseClasses reads one class, or the contrast of two.
func parseClasses(text string, m Namer, score Score) (Target, error) {
	class, err := findClass(text, m)
	if err == nil {
		return ClassTarget(class, score), nil
	}
	if t, ok := parseContrast(text, m, score); ok {
		return t, nil
	}
	return Target{}, err
}

// parseTop reads "top" and "top:N".
func parseTop(text string) (n int, ok bool, err error) {
	head, count, more := strings.Cut(strings.ToLower(text), ":")
	if head != "top" {
		return 0, false, nil
	}
	if !more {
		return 1, true, nil
	}
	n, err = strconv.Atoi(count)
	if err != nil || n < 1 || n > maxTargets {
		return 0, true, fmt.Errorf("target %q: write top:N with N from 1 to %d", text, maxTargets)
	}
	return n, true, nil
}

func topTargets(n int, base Scores, score Score) ([]Target, error) {
	list := base.Order()
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no prediction yet to take the best class from")
	}
	targets := make([]Target, 0, n)
	for _, class := range list[:min(n, len(list))] {
		targets = append(targets, ClassTarget(class, score))
	}
	return targets, nil
}

// findClass looks a class up by index, then by name.
func findClass(text string, m Namer) (int, error) {
	if i, err := strconv.Atoi(text); err == nil {
		if i >= 0 && i < m.Classes() {
			return i, nil
		}
		return 0, fmt.Errorf("class %d is outside 0…%d", i, m.Classes()-1)
	}
	for i := range m.Classes() {
		if strings.EqualFold(m.ClassName(i), text) {
			return i, nil
		}
	}
	if i, ok := findSynonym(text, m); ok {
		return i, nil
	}
	return 0, fmt.Errorf("the model has no class %q; write top, top:N, an index from 0 to %d or a label", text, m.Classes()-1)
}

// findSynonym finds "tench" and "tinca tinca" in "tench, Tinca tinca"; the first
// name of a class goes before the second of another.
func findSynonym(text string, m Namer) (int, bool) {
	class, place := 0, -1
	for i := range m.Classes() {
		for at, name := range strings.Split(m.ClassName(i), ",") {
			if strings.EqualFold(strings.TrimSpace(name), text) && (place < 0 || at < place) {
				class, place = i, at
			}
		}
	}
	return class, place >= 0 && text != ""
}

// parseContrast tries every "-" as the one between two classes, since labels
// contain it too.
func parseContrast(text string, m Namer, score Score) (Target, bool) {
	for i, r := range text {
		if r != '-' || i == 0 {
			continue
		}
		a, errA := findClass(strings.TrimSpace(text[:i]), m)
		b, errB := findClass(strings.TrimSpace(text[i+1:]), m)
		if errA == nil && errB == nil && a != b {
			return Target{Class: a, Against: b, Score: score}, true
		}
	}
	return Target{}, false
}
