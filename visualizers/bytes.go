package visualizers

// Bytes estimates how much memory a result keeps alive.
func (r Result) Bytes() int {
	const header = 512
	n := header
	for _, m := range r.Maps {
		n += header + 4*len(m.Values)
	}
	for _, p := range r.Parts {
		n += header + p.bytes()
	}
	if r.Patches != nil {
		n += 32 * len(r.Patches.Rects)
		for _, s := range r.Patches.Scores {
			n += 4*(len(s.Probabilities)+len(s.Logits)) + 48
		}
	}
	return n
}

func (p Part) bytes() int {
	n := len(p.Text)
	if p.Map != nil {
		n += 4 * len(p.Map.Values)
	}
	if p.Picture != nil {
		n += 4 * len(p.Picture.Values)
	}
	if p.Table != nil {
		const cell = 32
		n += cell * len(p.Table.Columns) * (1 + len(p.Table.Rows))
	}
	return n
}
