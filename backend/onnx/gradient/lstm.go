package gradient

// lstm is one direction of an LSTM: blocks i, o, f, g.
func (r *recurrent) lstm() recurrence {
	z := r.linear(r.before(r.h, r.initial(5)))
	sigma, tanh, out := r.acts[0], r.acts[1], r.acts[2]
	i, o, f := sigma.of(r.call, r.block(z, 0)), sigma.of(r.call, r.block(z, 1)), sigma.of(r.call, r.block(z, 2))
	g := tanh.of(r.call, r.block(z, 3))
	cells := r.cells(f, r.mul(i, g))
	before := r.before(cells, r.initial(6))
	y := out.of(r.call, cells)
	// Per step: dh and dc arrive; what they are multiplied by is known.
	toOut := r.mul(y, sigma.slope(r.call, o))
	toCell := r.mul(o, out.slope(r.call, y))
	toIn := r.mul(g, sigma.slope(r.call, i))
	toForget := r.mul(before, sigma.slope(r.call, f))
	toNew := r.mul(i, tanh.slope(r.call, g))
	states := []string{r.none(r.last), r.none(r.lastCell)}
	last, stacks := r.backwards(states, []string{toOut, toCell, toIn, toForget, toNew, f}, func(states, items []string) ([]string, []string) {
		dh := r.add(items[0], states[0])
		dc := r.add(states[1], r.mul(dh, items[2]))
		dz := r.concat([]string{r.mul(dc, items[3]), r.mul(dh, items[1]), r.mul(dc, items[4]), r.mul(dc, items[5])}, -1)
		return []string{r.matmul(dz, r.r), r.mul(dc, items[6])}, []string{dz}
	})
	if r.err != nil {
		return recurrence{}
	}
	return recurrence{gates: stacks[0], h: last[0], c: last[1]}
}

// cells are the cell states c = f·c′ + new of all steps.
func (r *recurrent) cells(f, fresh string) string {
	start := r.initial(6)
	if start == "" {
		step := r.pick(f, 0, 0)
		start = r.op("ConstantOfShape", []string{r.op("Shape", []string{step})})
	} else {
		start = r.squeeze(start, 0)
	}
	_, stacks := r.scan([]string{start}, []string{f, fresh}, r.reverse, func(states, items []string) ([]string, []string) {
		c := r.add(r.mul(items[0], states[0]), items[1])
		return []string{c}, []string{c}
	})
	return first(stacks)
}

// gru is one direction of a GRU: blocks z, r, n. With linear_before_reset the
// gate r acts on R·h′ + b, else on h′.
func (r *recurrent) gru() recurrence {
	before := r.before(r.h, r.initial(5))
	sigma, tanh := r.acts[0], r.acts[1]
	linear := r.linear(before)
	z, reset := sigma.of(r.call, r.block(linear, 0)), sigma.of(r.call, r.block(linear, 1))
	rows := func(from, to int64) string { return r.slice(r.r, 0, from*r.width, to*r.width) }
	gates, fresh := rows(0, 2), rows(2, 3)
	fromState := func(h string) string {
		n := r.matmul(h, r.transpose(fresh, []int64{1, 0}))
		if r.has(3) {
			n = r.add(n, r.slice(r.biases(1), 0, 2*r.width, 3*r.width))
		}
		return n
	}
	late := r.node.AttrInt("linear_before_reset", 0) != 0
	var n, resets string // resets is what the gate r multiplies
	if late {
		resets = fromState(before)
		n = r.add(r.block(r.fromInput(), 2), r.mul(reset, resets))
	} else {
		resets = before
		n = r.add(r.block(r.fromInput(), 2), fromState(r.mul(reset, before)))
	}
	n = tanh.of(r.call, n)
	toNew := r.mul(r.complement(z), tanh.slope(r.call, n))
	toUpdate := r.mul(r.sub(before, n), sigma.slope(r.call, z))
	toReset := r.mul(resets, sigma.slope(r.call, reset))
	last, stacks := r.backwards([]string{r.none(r.last)}, []string{toNew, toUpdate, toReset, z, reset}, func(states, items []string) ([]string, []string) {
		dh := r.add(items[0], states[0])
		dn, dz := r.mul(dh, items[1]), r.mul(dh, items[2])
		var dr, through string
		if late {
			dr = r.mul(dn, items[3])
			through = r.matmul(r.mul(dn, items[5]), fresh)
		} else {
			reached := r.matmul(dn, fresh)
			dr, through = r.mul(reached, items[3]), r.mul(reached, items[5])
		}
		both := r.concat([]string{dz, dr}, -1)
		next := r.add(r.add(r.mul(dh, items[4]), through), r.matmul(both, gates))
		return []string{next}, []string{r.concat([]string{both, dn}, -1)}
	})
	return recurrence{gates: first(stacks), h: first(last)}
}
