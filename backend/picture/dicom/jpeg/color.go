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

func clamp(v int32) uint8 { return uint8(min(max(v, 0), 255)) }
