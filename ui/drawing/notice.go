package drawing

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"

	"picasso/backend/picture"
	"picasso/visualizers/render"
)

// ResearchUse stands on everything that leaves the program and was made of a
// medical picture.
const ResearchUse = "Research use – not for diagnosis"

// Notice is what has to be said about everything made of a picture: see
// [ResearchUse]. Nothing has to be said about ordinary pictures, and about an
// array, for which m is nil.
func Notice(m *picture.Image) string {
	if m == nil || m.Scan == nil {
		return ""
	}
	return ResearchUse
}

// Mark writes a notice along the lower edge of a picture that was drawn for
// people, inside its own size; "" leaves it alone. Pictures too small for the
// words say it in their file alone: see [WritePNG].
func Mark(dst *image.RGBA, notice string) {
	if notice != "" {
		render.Notice(dst, notice)
	}
}

// WritePNG writes a picture as PNG. A notice other than "" becomes part of the
// file as its text "Disclaimer" (PNG 1.2, 11.3.4.5: iTXt, uncompressed).
func WritePNG(w io.Writer, m image.Image, notice string) error {
	// A tenth larger than with most effort, in less than a third of the time:
	// that of a gradient map went into its PNG.
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if notice == "" {
		return e.Encode(w, m)
	}
	var b bytes.Buffer
	if err := e.Encode(&b, m); err != nil {
		return err
	}
	const head = 8 + 12 + 13 // signature and header chunk
	data := b.Bytes()
	_, err := w.Write(bytes.Join([][]byte{data[:head], textChunk("Disclaimer", notice), data[head:]}, nil))
	return err
}

func textChunk(keyword, text string) []byte {
	body := []byte("iTXt" + keyword + "\x00\x00\x00\x00\x00" + text)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
}
