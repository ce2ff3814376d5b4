package jpeg

// Color converts one pixel to red, green and blue (JFIF 1.02; factors in
// 1/65536, rounded as the reference implementation does). Luma is 0…255, chroma
// -128…127.
func Color(dst []uint8, y, cb, cr int32) {
	const half = 1 << 15
	dst[0] = clamp(y + (91881*cr+half)>>16)
	dst[1] = clamp(y + (-22554*cb-46802*cr+half)>>16)
	dst[2] = clamp(y + (116130*cb+half)>>16)
}

// Colors is [Color] for a row of luma and chroma as they are coded, 0…255.
func Colors(dst []uint8, lines [][]uint16) {
	luma, blue, red := lines[0], lines[1][:len(lines[0])], lines[2][:len(lines[0])]
	for x, y := range luma {
		Color(dst[3*x:3*x+3:3*x+3], int32(y), int32(blue[x])-128, int32(red[x])-128)
	}
}

// Interleave writes a row of samples of 8 bits pixel by pixel.
func Interleave(dst []uint8, lines [][]uint16) {
	for i, line := range lines {
		for x, v := range line {
			dst[x*len(lines)+i] = uint8(v)
		}
	}
}

func clamp(v int32) uint8 { return uint8(min(max(v, 0), 255)) }
