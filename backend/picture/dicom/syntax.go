package dicom

import (
	"bytes"
	"encoding/binary"
)

// coding is how pixels are compressed.
type coding int

const (
	codingNative coding = iota
	codingRLE
	codingJPEG
	codingJPEGLS
	codingJPEG2000
	codingDeflate // frame by frame
	codingOther
)

// syntax is a transfer syntax.
type syntax struct {
	uid      string
	name     string
	coding   coding
	explicit bool
	big      bool
	deflated bool
}

// syntaxes is all of PS3.6 table A-1 that carries pixels.
func syntaxes() []syntax {
	const base = "1.2.840.10008.1.2"
	return []syntax{
		{base, "Implicit VR Little Endian", codingNative, false, false, false},
		{base + ".1", "Explicit VR Little Endian", codingNative, true, false, false},
		{base + ".1.99", "Deflated Explicit VR Little Endian", codingNative, true, false, true},
		{base + ".2", "Explicit VR Big Endian", codingNative, true, true, false},
		{base + ".4.50", "JPEG Baseline", codingJPEG, true, false, false},
		{base + ".4.51", "JPEG Extended", codingJPEG, true, false, false},
		{base + ".4.53", "JPEG Spectral Selection", codingJPEG, true, false, false},
		{base + ".4.55", "JPEG Full Progression", codingJPEG, true, false, false},
		{base + ".4.57", "JPEG Lossless", codingJPEG, true, false, false},
		{base + ".4.70", "JPEG Lossless, First-Order Prediction", codingJPEG, true, false, false},
		{base + ".4.80", "JPEG-LS Lossless", codingJPEGLS, true, false, false},
		{base + ".4.81", "JPEG-LS Near-Lossless", codingJPEGLS, true, false, false},
		{base + ".4.90", "JPEG 2000 Lossless", codingJPEG2000, true, false, false},
		{base + ".4.91", "JPEG 2000", codingJPEG2000, true, false, false},
		{base + ".8.1", "Deflated Image Frame", codingDeflate, true, false, false},
		{base + ".5", "RLE Lossless", codingRLE, true, false, false},
		{base + ".4.92", "JPEG 2000 Multi-component Lossless", codingJPEG2000, true, false, false},
		{base + ".4.93", "JPEG 2000 Multi-component", codingJPEG2000, true, false, false},
		{base + ".4.94", "JPIP Referenced", codingOther, true, false, false},
		{base + ".4.95", "JPIP Referenced Deflate", codingOther, true, false, true},
		{base + ".4.100", "MPEG-2 Main Level", codingOther, true, false, false},
		{base + ".4.101", "MPEG-2 High Level", codingOther, true, false, false},
		{base + ".4.102", "MPEG-4 High Profile", codingOther, true, false, false},
		{base + ".4.103", "MPEG-4 Blu-ray", codingOther, true, false, false},
		{base + ".4.104", "MPEG-4 2D Video", codingOther, true, false, false},
		{base + ".4.105", "MPEG-4 3D Video", codingOther, true, false, false},
		{base + ".4.106", "MPEG-4 Stereo", codingOther, true, false, false},
		{base + ".4.107", "HEVC Main Profile", codingOther, true, false, false},
		{base + ".4.108", "HEVC Main 10 Profile", codingOther, true, false, false},
		{base + ".4.110", "JPEG XL Lossless", codingOther, true, false, false},
		{base + ".4.111", "JPEG XL Recompression", codingOther, true, false, false},
		{base + ".4.112", "JPEG XL", codingOther, true, false, false},
		{base + ".4.201", "High-Throughput JPEG 2000 Lossless", codingOther, true, false, false},
		{base + ".4.202", "High-Throughput JPEG 2000 Lossless RPCL", codingOther, true, false, false},
		{base + ".4.203", "High-Throughput JPEG 2000", codingOther, true, false, false},
	}
}

// syntaxOf finds a transfer syntax. An unknown one is taken for uncompressed
// until the pixels say otherwise.
func syntaxOf(uid string) (syntax, bool) {
	for _, s := range syntaxes() {
		if s.uid == uid {
			return s, true
		}
	}
	return syntax{uid: uid, name: "unknown", explicit: true}, false
}

func (s syntax) order() binary.ByteOrder {
	if s.big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// recognize tells a code stream by its content, which is more reliable than
// what the file says about it.
func recognize(stream []byte) (coding, bool) {
	switch {
	case bytes.HasPrefix(stream, []byte{0xff, 0x4f, 0xff, 0x51}), bytes.HasPrefix(stream, []byte("\x00\x00\x00\x0cjP  \r\n\x87\n")):
		return codingJPEG2000, true
	case bytes.HasPrefix(stream, []byte{0xff, 0xd8, 0xff}):
		if frameMarker(stream) == 0xf7 {
			return codingJPEGLS, true
		}
		return codingJPEG, true
	}
	return codingNative, false
}

// runLength reports whether a fragment begins with the header of run-length
// coding of so many segments.
func runLength(b []byte, segments int) bool {
	return len(b) >= 64 && binary.LittleEndian.Uint32(b) == uint32(segments) && binary.LittleEndian.Uint32(b[4:]) == 64
}

// frameMarker is the marker of a JPEG stream's frame header, or 0.
func frameMarker(b []byte) byte {
	for pos := 2; pos+4 <= len(b) && b[pos] == 0xff; {
		m := b[pos+1]
		switch {
		case m == 0xff:
			pos++
			continue
		case m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc, m == 0xf7:
			return m
		case m == 0xda:
			return 0
		}
		pos += 2 + int(binary.BigEndian.Uint16(b[pos+2:]))
	}
	return 0
}
