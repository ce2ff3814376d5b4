package gradient

import (
	"slices"
	"strings"

	"picasso/backend/onnx"
)

// gradEinsum: y = Σ Π xᵢ over the letters missing from the output. The
// gradient of one factor is the same kind of sum over dy and the other
// factors; letters that only this factor has are repeated.
func gradEinsum(c *call) {
	terms, result, ok := c.equation()
	if !ok {
		return
	}
	for i := range c.want {
		if c.wants(i) {
			c.dx[i] = c.einsumFactor(terms, result, i)
		}
	}
}

func (c *call) einsumFactor(terms []string, result string, i int) string {
	from, inputs := []string{result}, []string{c.dy[0]}
	for j, term := range terms {
		if j != i {
			from, inputs = append(from, term), append(inputs, c.x(j))
		}
	}
	f := c.in(i)
	own := c.undiagonal(terms, i, &from, &inputs)
	found, missing := "", false
	var shape, sums []int64
	for k, letter := range own {
		shape = append(shape, 1)
		if !slices.ContainsFunc(from, func(t string) bool { return strings.ContainsRune(t, letter) }) {
			missing = true
			c.alongBatch(f, int64(k))
			continue
		}
		if f.Shape[k] == 1 && c.letterLength(terms, letter) > 1 { // was repeated
			sums = append(sums, int64(len(found)))
		}
		found += string(letter)
		shape[k] = f.open()[k]
	}
	g := c.op("Einsum", inputs, onnx.StringAttr("equation", strings.Join(from, ",")+"->"+found))
	if len(sums) > 0 {
		g = c.sum(g, sums...)
	}
	if missing {
		g = c.expand(c.reshape(g, shape), f)
	}
	return g
}

// undiagonal is the term of factor i with every letter once: a letter that
// comes again, for a diagonal, becomes another one, joined to it by a unit
// matrix among the operands.
func (c *call) undiagonal(terms []string, i int, from, inputs *[]string) string {
	own := []rune(terms[i])
	all := strings.Join(terms, "")
	for k, letter := range own {
		if slices.Index(own, letter) == k {
			continue
		}
		other := unusedLetter(all + string(own))
		n := c.in(i).Shape[k]
		unit := make([]float32, n*n)
		for d := range n {
			unit[d*n+d] = 1
		}
		*from = append(*from, string([]rune{letter, other}))
		*inputs = append(*inputs, c.floats([]int64{n, n}, unit))
		own[k] = other
	}
	return string(own)
}

func unusedLetter(used string) rune {
	for r := 'a'; r <= 'z'; r++ {
		if !strings.ContainsRune(used, r) {
			return r
		}
	}
	for r := 'A'; r <= 'Z'; r++ {
		if !strings.ContainsRune(used, r) {
			return r
		}
	}
	return 'a'
}

// letterLength is the length that a letter stands for.
func (c *call) letterLength(terms []string, letter rune) int64 {
	n := int64(1)
	for i, term := range terms {
		for k, l := range []rune(term) {
			if l == letter {
				n = max(n, c.in(i).Shape[k])
			}
		}
	}
	return n
}

// equation reads the terms, with letters in place of dots and an explicit
// result.
func (c *call) equation() (terms []string, result string, ok bool) {
	text := strings.ReplaceAll(c.node.AttrString("equation", ""), " ", "")
	left, right, explicit := strings.Cut(text, "->")
	terms = strings.Split(left, ",")
	if len(terms) != len(c.node.Inputs) {
		c.refuse("has the equation %q for %d inputs", text, len(c.node.Inputs))
		return nil, "", false
	}
	dots := ""
	length := map[rune]int64{}
	for i, term := range terms {
		hidden := c.in(i).rank() - len(strings.Replace(term, "...", "", 1))
		if hidden < 0 || hidden > len(spare) || hidden > 0 && !strings.Contains(term, "...") {
			c.refuse("has the equation %q for an input of shape %v", text, c.in(i).Shape)
			return nil, "", false
		}
		own := spare[len(spare)-hidden:]
		if len(own) > len(dots) {
			dots = own
		}
		terms[i] = strings.Replace(term, "...", own, 1)
		for k, letter := range terms[i] {
			d := c.in(i).Shape[k]
			if known, seen := length[letter]; seen && known != d && known != 1 && d != 1 {
				c.refuse("has the equation %q with one letter for lengths %d and %d", text, known, d)
				return nil, "", false
			}
			length[letter] = max(d, length[letter])
		}
	}
	if explicit {
		return terms, strings.Replace(right, "...", dots, 1), true
	}
	return terms, implicitResult(terms, dots), true
}

// spare are letters for the axes behind dots.
const spare = "UVWXYZ"

// implicitResult is the result of an equation without an arrow: the axes
// behind the dots, then the letters used once, sorted.
func implicitResult(terms []string, dots string) string {
	all := strings.Join(terms, "")
	var once []rune
	for _, letter := range all {
		if strings.Count(all, string(letter)) == 1 && !strings.ContainsRune(dots, letter) {
			once = append(once, letter)
		}
	}
	slices.Sort(once)
	return dots + string(once)
}
