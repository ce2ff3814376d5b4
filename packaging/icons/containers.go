package main

import (
	"bytes"
	"encoding/binary"
	"image"
)

// windowsIcon is an .ico file: a header, one entry of 16 bytes per picture,
// then the pictures as PNG, which Windows reads since Vista.
func windowsIcon(m image.Image, sizes []int) ([]byte, error) {
	var head, body bytes.Buffer
	put := func(v any) { _ = binary.Write(&head, binary.LittleEndian, v) } // a Buffer takes everything
	put([3]uint16{0, 1, uint16(len(sizes))})
	offset := 6 + 16*len(sizes)
	for _, size := range sizes {
		data, err := scaled(m, size)
		if err != nil {
			return nil, err
		}
		side := uint8(size) // 256 is written as 0
		put([4]uint8{side, side, 0, 0})
		put([2]uint16{1, 32}) // planes, bits of a pixel
		put([2]uint32{uint32(len(data)), uint32(offset + body.Len())})
		body.Write(data)
	}
	return append(head.Bytes(), body.Bytes()...), nil
}

// macIcon is an .icns file: four letters name the size of each PNG.
func macIcon(m image.Image) ([]byte, error) {
	kinds := []struct {
		name string
		size int
	}{{"ic11", 32}, {"ic12", 64}, {"ic07", 128}, {"ic08", 256}, {"ic13", 256}, {"ic09", 512}, {"ic14", 512}}
	var body bytes.Buffer
	for _, k := range kinds {
		data, err := scaled(m, k.size)
		if err != nil {
			return nil, err
		}
		body.WriteString(k.name)
		_ = binary.Write(&body, binary.BigEndian, uint32(8+len(data)))
		body.Write(data)
	}
	head := binary.BigEndian.AppendUint32([]byte("icns"), uint32(8+body.Len()))
	return append(head, body.Bytes()...), nil
}
