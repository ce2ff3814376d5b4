package likeness

import (
	"slices"

	"picasso/visualizers/audit/ways"
)

// nearest are the nearest points offered so far, the nearest first; of equally near
// ones the first in their order.
type nearest struct {
	list  []near
	limit int
}

// near is a point with the square of its distance.
type near struct {
	point  int32
	square float32
}

// atOnce is how many coordinates are taken in before it is asked whether a point can
// still be near enough.
const atOnce = 16

// offer takes in a point, once, if it is near enough.
func (n *nearest) offer(point int32, from, to []float32) {
	full := len(n.list) == n.limit
	square := float32(0)
	for len(from) > 0 {
		part := min(len(from), atOnce)
		square += ways.Squared(from[:part], to[:part])
		if from, to = from[part:], to[part:]; full && square > n.list[n.limit-1].square {
			return // it only grows
		}
	}
	before := func(a near) bool { return a.square < square || a.square == square && a.point < point }
	if full && before(n.list[n.limit-1]) {
		return
	}
	at := len(n.list)
	for at > 0 && !before(n.list[at-1]) {
		at--
		if n.list[at].point == point {
			return
		}
	}
	n.list = slices.Insert(n.list, at, near{point, square})
	n.list = n.list[:min(len(n.list), n.limit)]
}

// groups joins pictures that belong together.
type groups struct{ parent map[int]int }

func (g *groups) root(i int) int {
	if p, ok := g.parent[i]; ok && p != i {
		r := g.root(p)
		g.parent[i] = r
		return r
	}
	return i
}

// join puts two pictures into one group, which its first picture stands for.
func (g *groups) join(a, b int) {
	if g.parent == nil {
		g.parent = map[int]int{}
	}
	a, b = g.root(a), g.root(b)
	g.parent[max(a, b)], g.parent[min(a, b)] = min(a, b), min(a, b)
}

// list are the groups in order, each in order.
func (g *groups) list() [][]int {
	members := map[int][]int{}
	for i := range g.parent {
		members[g.root(i)] = append(members[g.root(i)], i)
	}
	var list [][]int
	for _, of := range members {
		slices.Sort(of)
		list = append(list, of)
	}
	slices.SortFunc(list, func(a, b []int) int { return a[0] - b[0] })
	return list
}
