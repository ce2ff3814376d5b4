//go:build !cgo

package kernel

func inverse(to []uint8, stride int, blocks []Block, kinds []Kind) {
	for i := range blocks {
		if kinds[i] == Apart {
			continue
		}
		samples := transformed(&blocks[i])
		for y := range 8 {
			copy(to[y*stride+8*i:], samples[8*y:8*y+8])
		}
	}
}

func rows[T uint8 | uint16](p *Planes[T], to []T, from, count int) {
	h, v := p.finest()
	n := len(p.Parts)
	for i := range p.Width * count {
		pixel := to[n*i : n*i+n]
		for c, part := range p.Parts {
			pixel[c] = T(sampleAt(part, h, v, i%p.Width, from+i/p.Width))
		}
		if p.Colors {
			for c, s := range colored(int(pixel[0]), int(pixel[1]), int(pixel[2])) {
				pixel[c] = T(s)
			}
		}
	}
}

func across(to, from []uint8, rows, width, channels int, t Taps) {
	for i := range rows * len(t.First) * channels {
		row, x, c := i/channels/len(t.First)*width, i/channels%len(t.First), i%channels
		to[i] = weighed(t, x, func(at int) uint8 { return from[(row+at)*channels+c] })
	}
}

func down(to, from []uint8, n int, t Taps) {
	for i := range len(t.First) * n {
		to[i] = weighed(t, i/n, func(at int) uint8 { return from[at*n+i%n] })
	}
}
