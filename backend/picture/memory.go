package picture

import (
	"fmt"
	"image"
	"image/color"
)

// MemoryError is a picture that takes more memory than it may. It can be opened
// with that much allowed ([Options.MaxMemory]).
type MemoryError struct {
	Need  int64 // bytes that opening takes, about
	Limit int64 // bytes that were allowed, or that are free
	// Short tells that the machine has not as much memory free, whatever is allowed.
	Short bool
}

func (e *MemoryError) Error() string { return "takes " + e.amounts() }

func (e *MemoryError) amounts() string {
	are := "are allowed"
	if e.Short {
		are = "are free"
	}
	return fmt.Sprintf("%s of memory where %s %s", megabytes(e.Need), megabytes(e.Limit), are)
}

func megabytes(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%d GB", n>>30)
	}
	return fmt.Sprintf("%d MB", (n+1<<20-1)>>20)
}

// tooLarge is a file that takes more than it may; what says of which size it is.
func tooLarge(name, what string, need, limit int64) *Error {
	e := &MemoryError{Need: need, Limit: limit}
	remedy := "use a smaller copy of the picture, or allow more memory"
	if free := available(); need > free {
		e.Limit, e.Short = min(limit, free), true
		remedy = "use a smaller copy of the picture, or close other programs"
	}
	return &Error{name, what + ", which take " + e.amounts(), remedy, e}
}

// Fits checks that something from outside besides pictures may take need bytes; name
// and what say in the error, of type *[Error], which file it is and what it holds,
// such as "holds 30 numbers".
func (o Options) Fits(name, what string, need int64) error {
	if limit := o.memory(); need > limit || need < 0 {
		return tooLarge(name, what, need, limit)
	}
	return nil
}

// pixelBytes is how many bytes a pixel takes at most while a picture is decoded
// by one of Go's decoders and converted: in the decoder's own form, in that of
// [Image], and once more where the form has transparency of 16 bits.
func pixelBytes(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2 + 2
	case color.RGBAModel, color.NRGBAModel, color.CMYKModel:
		return 4 + 3
	case color.RGBA64Model:
		return 8 + 6
	case color.NRGBA64Model:
		return 8 + 6 + 8
	case color.YCbCrModel:
		return 3 + 3
	}
	if _, ok := m.(color.Palette); ok {
		return 1 + 3
	}
	return 8 + 3
}

// need is how many bytes decoding takes.
func (k pictureKind) need(data []byte, size image.Config) int64 {
	each := pixelBytes(size.ColorModel)
	if k.pixel != nil {
		each = k.pixel(data, size)
	}
	if k.orientation != nil && k.orientation(data) > upright {
		each += each / 2 // turned
	}
	return int64(size.Width)*int64(size.Height)*each + int64(len(data))
}

// interlaced tells that a PNG comes in seven passes, each a picture of its own.
func interlaced(data []byte) bool { return len(data) > 28 && data[28] == 1 }

func pngPixel(data []byte, size image.Config) int64 {
	each := pixelBytes(size.ColorModel)
	if !interlaced(data) {
		return each
	}
	switch size.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		return each + 8
	case color.RGBAModel, color.NRGBAModel:
		return each + 4
	}
	return each + 2
}

// heldPNG is how many bytes of rows a PNG's compressed ones can hold: a stored
// byte stands for 1032 at most.
func heldPNG(data []byte, size image.Config) bool {
	if len(data) < 29 {
		return true // the decoder tells
	}
	channels := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[data[25]]
	row := (int64(size.Width)*channels*int64(data[24]) + 7) / 8
	return row*int64(size.Height) <= 1032*int64(len(data))
}

// heldGIF: the longest string of LZW has 4096 bytes and takes 12 bits.
func heldGIF(data []byte, size image.Config) bool {
	return int64(size.Width)*int64(size.Height) <= 4096*int64(len(data))
}

// heldBMP: runs of up to 255 pixels take two bytes.
func heldBMP(data []byte, size image.Config) bool {
	return int64(size.Width)*int64(size.Height) <= 128*int64(len(data))
}

// heldJPEG: a block of 64 samples takes a bit.
func heldJPEG(data []byte, size image.Config) bool {
	return int64(size.Width)*int64(size.Height)/64 <= 8*int64(len(data))
}
