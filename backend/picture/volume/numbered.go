package volume

import (
	"fmt"
	"regexp"
	"strconv"
)

// pattern is a name with one number in it, as printf writes it.
var pattern = regexp.MustCompile(`^([^%]*)%(0?)([0-9]{0,2})d([^%]*)$`)

// Numbered are the names of files that are numbered: a pattern such as
// "slice%03d.raw", the first number, the last one and the step between them, as
// NRRD and MetaImage list them. The step may be left out.
func Numbered(words []string) ([]string, error) {
	if len(words) < 3 || len(words) > 4 {
		return nil, Damaged("numbers the files with its pixels in a way that is not understood")
	}
	part := pattern.FindStringSubmatch(words[0])
	numbers := [3]int{2: 1}
	for i, word := range words[1:] {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 || n > 1<<30 {
			return nil, Damaged("numbers the files with its pixels by %.20q", word)
		}
		numbers[i] = n
	}
	first, last, step := numbers[0], numbers[1], numbers[2]
	if part == nil || step < 1 || last < first || (last-first)/step >= maxSlices {
		return nil, Damaged("numbers the files with its pixels in a way that is not understood")
	}
	width, _ := strconv.Atoi(part[3])
	var out []string
	for n := first; n <= last; n += step {
		number := fmt.Sprintf("%*d", width, n)
		if part[2] == "0" {
			number = fmt.Sprintf("%0*d", width, n)
		}
		out = append(out, part[1]+number+part[4])
	}
	return out, nil
}
