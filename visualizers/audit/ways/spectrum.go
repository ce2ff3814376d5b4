package ways

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// graph is a symmetric graph by its edges.
type graph struct {
	edges [][]edge
	roots []float64 // 1/√degree of every point; 0 for points without edges
}

type edge struct {
	to     int
	weight float64
}

// graph joins every point with its nearest ones; an edge that only one of the two
// has counts half.
func (n nearby) graph() graph {
	weights := make([]map[int]float64, len(n))
	for i := range weights {
		weights[i] = map[int]float64{}
	}
	for i, list := range n {
		for _, p := range list {
			weights[i][p.point] += 0.5
			weights[p.point][i] += 0.5
		}
	}
	return newGraph(weights)
}

func newGraph(weights []map[int]float64) graph {
	g := graph{edges: make([][]edge, len(weights)), roots: make([]float64, len(weights))}
	for i, of := range weights {
		for to, weight := range of {
			g.edges[i] = append(g.edges[i], edge{to, weight})
		}
		slices.SortFunc(g.edges[i], func(a, b edge) int { return a.to - b.to })
		degree := 0.0
		for _, e := range g.edges[i] {
			degree += e.weight
		}
		if degree > 0 {
			g.roots[i] = 1 / math.Sqrt(degree)
		}
	}
	return g
}

// together is how many vectors are multiplied in one way through the edges, which
// takes longer than the arithmetic of one.
const together = 4

// times multiplies D^−½·A·D^−½ with at most [together] vectors.
func (g graph) times(vectors, out [][]float64) {
	if len(vectors) < together {
		for k, v := range vectors {
			g.timesOne(v, out[k])
		}
		return
	}
	a, b, c, d := vectors[0], vectors[1], vectors[2], vectors[3]
	for i, edges := range g.edges {
		var ta, tb, tc, td float64
		for _, e := range edges {
			root := g.roots[e.to]
			ta += e.weight * a[e.to] * root
			tb += e.weight * b[e.to] * root
			tc += e.weight * c[e.to] * root
			td += e.weight * d[e.to] * root
		}
		root := g.roots[i]
		out[0][i], out[1][i], out[2][i], out[3][i] = ta*root, tb*root, tc*root, td*root
	}
}

func (g graph) timesOne(v, out []float64) {
	for i, edges := range g.edges {
		total := 0.0
		for _, e := range edges {
			total += e.weight * v[e.to] * g.roots[e.to]
		}
		out[i] = total * g.roots[i]
	}
}

// inParts calls run for the vectors 0…n−1, as many as go together, on all cores.
func inParts(n int, run func(from, to int)) {
	Beside((n+together-1)/together, func(k int) { run(k*together, min((k+1)*together, n)) })
}

const (
	small   = 48   // points up to which the whole matrix is diagonalised
	spare   = 8    // vectors beyond those wanted, for the iteration to converge
	rounds  = 400  // of the iteration at most
	settled = 1e-7 // change of an eigenvalue that ends it
)

// spectrum finds the smallest count eigenvalues of the normalised Laplacian
// I − D^−½·A·D^−½, ascending, and their vectors: by iterating a subspace with
// (I + D^−½·A·D^−½)/2, whose eigenvalues are in 0…1 and largest for these.
func (g graph) spectrum(ctx context.Context, count int, seed uint64) (values []float64, vectors [][]float64, err error) {
	n := len(g.edges)
	width := min(n, count+spare)
	if n <= small {
		width = n
	}
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	space := make([][]float64, width)
	for k := range space {
		space[k] = make([]float64, n)
		for i := range space[k] {
			space[k][i] = random.NormFloat64()
		}
	}
	before := make([]float64, count)
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		orthonormalise(space)
		var found []float64
		if found, space = g.ritz(space); n <= small {
			return laplacian(found[:count]), space[:count], nil
		}
		change := 0.0
		for k := range before {
			change = max(change, math.Abs(found[k]-before[k]))
		}
		copy(before, found)
		if round > 0 && change < settled {
			break
		}
		if round+1 < rounds {
			g.advance(space)
		}
	}
	return laplacian(before), space[:count], nil
}

// laplacian turns eigenvalues of the affinity, descending, into those of the
// Laplacian.
func laplacian(affinity []float64) []float64 {
	out := make([]float64, len(affinity))
	for i, v := range affinity {
		out[i] = max(0, 1-v)
	}
	return out
}

// advance multiplies every vector with (I + D^−½·A·D^−½)/2, several times.
func (g graph) advance(space [][]float64) {
	inParts(len(space), func(from, to int) {
		next := zeros(to-from, len(space[0]))
		for range 4 {
			g.times(space[from:to], next)
			for k, v := range space[from:to] {
				for i := range v {
					v[i] = (v[i] + next[k][i]) / 2
				}
			}
		}
	})
}

// ritz finds the best eigenvectors inside a space of orthonormal vectors, with the
// largest eigenvalue of the affinity first (Rayleigh and Ritz).
func (g graph) ritz(space [][]float64) (values []float64, vectors [][]float64) {
	width := len(space)
	image := zeros(width, len(space[0]))
	inParts(width, func(from, to int) { g.times(space[from:to], image[from:to]) })
	m := zeros(width, width)
	for i := range m {
		for j := range i + 1 {
			m[i][j] = dot(space[i], image[j])
			m[j][i] = m[i][j]
		}
	}
	values, turned := diagonalise(m)
	order := make([]int, width)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	sorted, vectors := make([]float64, width), make([][]float64, width)
	Beside(width, func(k int) {
		sorted[k] = values[order[k]]
		v := make([]float64, len(space[0]))
		for i := range space {
			for p, x := range space[i] {
				v[p] += turned[i][order[k]] * x
			}
		}
		vectors[k] = v
	})
	return sorted, vectors
}

// orthonormalise is Gram and Schmidt's, twice for the sake of rounding.
func orthonormalise(space [][]float64) {
	for k, v := range space {
		for range 2 {
			for _, u := range space[:k] {
				along := dot(u, v)
				for i := range v {
					v[i] -= along * u[i]
				}
			}
		}
		length := norm(v)
		for i := range v {
			v[i] /= max(length, 1e-300)
		}
	}
}

// zeros are vectors of one length.
func zeros(count, length int) [][]float64 {
	out := make([][]float64, count)
	for k := range out {
		out[k] = make([]float64, length)
	}
	return out
}

// diagonalise finds the eigenvalues of a symmetric matrix, and its eigenvectors in
// columns, by Jacobi's rotations.
func diagonalise(m [][]float64) (values []float64, vectors [][]float64) {
	n := len(m)
	vectors = make([][]float64, n)
	for i := range vectors {
		vectors[i] = make([]float64, n)
		vectors[i][i] = 1
	}
	for range 60 {
		off := 0.0
		for i := range n {
			for j := range i {
				off += m[i][j] * m[i][j]
			}
		}
		if off < 1e-22 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(m, vectors, p, q)
			}
		}
	}
	values = make([]float64, n)
	for i := range values {
		values[i] = m[i][i]
	}
	return values, vectors
}

// rotate makes m[p][q] zero.
func rotate(m, vectors [][]float64, p, q int) {
	if math.Abs(m[p][q]) < 1e-300 {
		return
	}
	theta := (m[q][q] - m[p][p]) / (2 * m[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for k := range m {
		m[k][p], m[k][q] = c*m[k][p]-s*m[k][q], s*m[k][p]+c*m[k][q]
	}
	for k := range m {
		m[p][k], m[q][k] = c*m[p][k]-s*m[q][k], s*m[p][k]+c*m[q][k]
	}
	for k := range vectors {
		vectors[k][p], vectors[k][q] = c*vectors[k][p]-s*vectors[k][q], s*vectors[k][p]+c*vectors[k][q]
	}
}

// dot is the inner product, in four sums as those of [Squared].
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s, t, u, v float64
	i := 0
	for ; i < len(a)-3; i += 4 {
		s, t, u, v = s+a[i]*b[i], t+a[i+1]*b[i+1], u+a[i+2]*b[i+2], v+a[i+3]*b[i+3]
	}
	for ; i < len(a); i++ {
		s += a[i] * b[i]
	}
	return s + t + (u + v)
}

func norm(v []float64) float64 { return math.Sqrt(dot(v, v)) }
