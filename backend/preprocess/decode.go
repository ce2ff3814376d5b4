package preprocess

import "picasso/backend/picture"

// Decoder takes values of a model's input back to the raw colours that they
// were made from: [Preprocess.Encoder] run backwards. What was cut off by a
// window or a clip comes back as the limit.
type Decoder struct {
	maps []channelMap
	from [3]int // channel of the model behind red, green and blue
}

// Decoder is the way back for a picture, whose own values decide where
// preparation is by percentile or depth; a nil picture has none.
func (p Preprocess) Decoder(img *picture.Image, in Input) Decoder {
	d := Decoder{maps: p.channelsOf(img, in.Channels)}
	if img != nil {
		measureAll(d.maps, img)
	}
	for i, source := range []channelSource{red, green, blue} {
		d.from[i] = channelFor(d.maps, source)
	}
	return d
}

// Colours are the channels that are red, green and blue; ok is false where one of
// them is none by itself, or a slice beside the picture.
func (d Decoder) Colours() (channels [3]int, ok bool) {
	for i, source := range []channelSource{red, green, blue} {
		c := d.from[i]
		if c >= len(d.maps) || d.maps[c].source != source || d.maps[c].at.slice != 0 {
			return channels, false
		}
		channels[i] = c
	}
	return channels, true
}

// channelFor is the channel that tells most about a colour: its own, one of
// brightness, else any; of the slice itself before its neighbours.
func channelFor(maps []channelMap, source channelSource) int {
	best, top := 0, -1
	for c, m := range maps {
		worth := 0
		switch m.source {
		case source:
			worth = 4
		case grey:
			worth = 2
		}
		if m.at.slice == 0 {
			worth++
		}
		if worth > top {
			best, top = c, worth
		}
	}
	return best
}

// Raw is the raw red, green and blue of one pixel from its values per channel
// of the model; equal ones for a grey picture.
func (d Decoder) Raw(values []float32) [3]float32 {
	var out [3]float32
	for i, c := range d.from {
		if c < len(values) {
			out[i] = d.maps[c].invert(values[c])
		}
	}
	return out
}

// invert is [channelMap.apply] run backwards. A scale of 0 says nothing about
// the raw value: it comes back as 0.
func (m channelMap) invert(value float32) float32 {
	if m.scale == 0 {
		return 0
	}
	v := (float64(value)*m.deviance + m.mean - m.shift) / m.scale
	if m.intensity.IsSet() {
		v = m.limits[0] + v*(m.limits[1]-m.limits[0])
	}
	return float32(v)
}
