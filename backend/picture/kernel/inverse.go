package kernel

// Block is eight rows of eight dequantized coefficients of a picture of 8 bits.
type Block = [64]int32

// Kind says how a block is transformed.
type Kind = uint8

// Kinds of blocks.
const (
	Even  Kind = iota // its mean is all that is not 0
	Usual             // any other whose coefficients, without signs, sum up to no more than Most
	Apart             // left out
)

// Most bounds the sum of a block's coefficients, without their signs, so that no sum
// of the transform exceeds 32 bits: it is at most 63042 times that, and 34 million.
// What 8 bits of samples are coded as sums up to 8192, and to twice as much by quantization.
const Most = 32000

// Inverse is the inverse DCT of a row of blocks: it writes their samples, eight rows of
// which begin stride apart, to the first bytes of each.
func Inverse(to []uint8, stride int, blocks []Block, kinds []Kind) {
	if len(blocks) == 0 {
		return
	}
	fits(len(kinds) == len(blocks) && 8*len(blocks) <= stride && len(to) >= 7*stride+8*len(blocks))
	inverse(to, stride, blocks, kinds)
}
