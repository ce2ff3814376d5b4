package ways

import (
	"math"
	"math/rand/v2"
)

// restarts of k-means, of which the one with the least spread is taken.
const restarts = 10

// cluster is k-means with the starts of Arthur and Vassilvitskii (2007).
func cluster(points [][]float64, count int, seed uint64) []int {
	best, least := make([]int, len(points)), math.Inf(1)
	if count <= 1 {
		return best
	}
	for r := range restarts {
		random := rand.New(rand.NewPCG(seed, uint64(r)))
		of, spread := settle(points, starts(points, count, random))
		if spread < least-1e-12 {
			best, least = of, spread
		}
	}
	return best
}

// starts draws centres, each with a probability that grows with its distance from
// those before.
func starts(points [][]float64, count int, random *rand.Rand) [][]float64 {
	centres := [][]float64{points[random.IntN(len(points))]}
	apart := make([]float64, len(points))
	for len(centres) < count {
		total := 0.0
		for i, p := range points {
			apart[i] = math.Inf(1)
			for _, c := range centres {
				apart[i] = min(apart[i], squared(p, c))
			}
			total += apart[i]
		}
		at, left := 0, random.Float64()*total
		for at < len(points)-1 && left >= apart[at] {
			left -= apart[at]
			at++
		}
		centres = append(centres, points[at])
	}
	return centres
}

// settle moves the centres to the means of their points until nothing changes.
func settle(points, centres [][]float64) (of []int, spread float64) {
	of = make([]int, len(points))
	for round := range 100 {
		changed := round == 0
		spread = 0
		for i, p := range points {
			near, least := 0, math.Inf(1)
			for k, c := range centres {
				if d := squared(p, c); d < least {
					near, least = k, d
				}
			}
			changed = changed || of[i] != near
			of[i] = near
			spread += least
		}
		if !changed {
			break
		}
		centres = means(points, of, centres)
	}
	return of, spread
}

// means are the centres of the groups; an empty group keeps its centre.
func means(points [][]float64, of []int, before [][]float64) [][]float64 {
	out, size := make([][]float64, len(before)), make([]int, len(before))
	for k := range out {
		out[k] = make([]float64, len(points[0]))
	}
	for i, p := range points {
		size[of[i]]++
		for c, v := range p {
			out[of[i]][c] += v
		}
	}
	for k, n := range size {
		if n == 0 {
			out[k] = before[k]
			continue
		}
		for c := range out[k] {
			out[k][c] /= float64(n)
		}
	}
	return out
}

func squared(a, b []float64) float64 {
	total := 0.0
	for i, v := range a {
		total += (v - b[i]) * (v - b[i])
	}
	return total
}

// maxSilhouette bounds the points that are compared with each other.
const maxSilhouette = 2000

// silhouette is the mean of (b−a)/max(a, b) over the points of every group, a
// being the mean distance to its own group and b that to the nearest other one
// (Rousseeuw 1987). Of very many points every n-th is taken.
func silhouette(points [][]float64, of []int, count int) []float64 {
	out, seen := make([]float64, count), make([]int, count)
	if count < 2 {
		return out
	}
	step := (len(points) + maxSilhouette - 1) / maxSilhouette
	for i := 0; i < len(points); i += step {
		total, size := make([]float64, count), make([]int, count)
		for j := 0; j < len(points); j += step {
			if j != i {
				total[of[j]] += math.Sqrt(squared(points[i], points[j]))
				size[of[j]]++
			}
		}
		own, other := 0.0, math.Inf(1)
		for g := range count {
			switch {
			case size[g] == 0:
			case g == of[i]:
				own = total[g] / float64(size[g])
			default:
				other = min(other, total[g]/float64(size[g]))
			}
		}
		seen[of[i]]++
		if size[of[i]] > 0 && max(own, other) > 0 && !math.IsInf(other, 1) {
			out[of[i]] += (other - own) / max(own, other)
		}
	}
	for g := range out {
		out[g] /= float64(max(seen[g], 1))
	}
	return out
}
