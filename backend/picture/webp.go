package picture

import (
	"image"
	"io"

	"golang.org/x/image/webp"
)

// decodeWebP decodes lossy pictures as libwebp does: luma of 16…235, which
// image/color takes for 0…255, and interpolated chroma.
func decodeWebP(r io.Reader) (image.Image, error) {
	src, err := webp.Decode(r)
	if err != nil {
		return nil, err
	}
	switch s := src.(type) {
	case *image.YCbCr:
		out := &colors{width: s.Rect.Dx(), height: s.Rect.Dy()}
		out.pix = make([]uint8, 3*out.width*out.height)
		eachVideo(s, func(x, y int, rgb [3]uint8) { copy(out.pix[3*(y*out.width+x):], rgb[:]) })
		return out, nil
	case *image.NYCbCrA:
		out := image.NewNRGBA(image.Rect(0, 0, s.Rect.Dx(), s.Rect.Dy()))
		eachVideo(&s.YCbCr, func(x, y int, rgb [3]uint8) {
			p := out.Pix[out.PixOffset(x, y):]
			copy(p, rgb[:])
			p[3] = s.A[s.AOffset(s.Rect.Min.X+x, s.Rect.Min.Y+y)]
		})
		return out, nil
	}
	return src, nil
}

// eachVideo visits the pixels of a 4:2:0 picture with video levels, from (0, 0).
func eachVideo(s *image.YCbCr, visit func(x, y int, rgb [3]uint8)) {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	u, v := make([]uint8, w), make([]uint8, w)
	for y := range h {
		widen(u, s.Cb, s.CStride, y, (h+1)/2)
		widen(v, s.Cr, s.CStride, y, (h+1)/2)
		luma := s.Y[y*s.YStride:]
		for x := range w {
			visit(x, y, video(int32(luma[x]), int32(u[x]), int32(v[x])))
		}
	}
}

// widen writes row y of a chroma plane at twice its size, of which rows are in
// the picture: weights 9:3:3:1 with libwebp's rounding.
func widen(dst, plane []uint8, stride, y, rows int) {
	far := y/2 - 1 + y%2*2
	a, b := plane[y/2*stride:], plane[min(max(far, 0), rows-1)*stride:]
	last := (len(dst)+1)/2 - 1
	for x := range dst {
		n := x / 2
		side := min(max(n-1+x%2*2, 0), last)
		near, beside, beyond, corner := int(a[n]), int(a[side]), int(b[n]), int(b[side])
		if side == n {
			dst[x] = uint8((3*near + beyond + 2) >> 2)
			continue
		}
		dst[x] = uint8(((near+corner+3*(beside+beyond)+8)>>3 + near) >> 1)
	}
}

// video converts one pixel of video levels (ITU-R BT.601) in libwebp's fixed
// point.
func video(y, u, v int32) [3]uint8 {
	l := y * 19077 >> 8
	return [3]uint8{
		clamp8((l + v*26149>>8 - 14234) >> 6),
		clamp8((l - u*6419>>8 - v*13320>>8 + 8708) >> 6),
		clamp8((l + u*33050>>8 - 17685) >> 6),
	}
}
