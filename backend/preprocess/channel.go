package preprocess

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/picture"
)

// Channel says where one channel of the model's input comes from.
type Channel struct {
	// Source is "red", "green", "blue", "grey" (brightness), or "alpha", 0 where
	// the picture is clear and 255 where it is opaque. Beside alpha, colours are
	// those of the file; without it they are laid over white.
	Source string `json:"source"`
	// Slice takes the source from a neighbour in the series: −1 is the slice
	// before, 1 the one behind. At the ends the nearest slice repeats.
	Slice int `json:"slice,omitempty"`
	// Volume takes the source from a volume of the file, counted from 0: a modality,
	// an echo, a moment. nil is the picture's own. Without channels, a model of two or
	// of more than three gets the volumes of a file that has as many, one each.
	Volume *int `json:"volume,omitempty"`
	Intensity
}

// maxSlice bounds how far away a neighbour may lie, maxVolume the number of a
// volume.
const (
	maxSlice  = 64
	maxVolume = 1 << 16
)

// String writes the channel as users do: "red", "grey-1", "grey+2", "grey@3" for
// volume 3, "grey@3-1" for the slice before in it.
func (c Channel) String() string {
	text := c.Source
	if c.Volume != nil {
		text += fmt.Sprintf("@%d", *c.Volume)
	}
	if c.Slice != 0 {
		text += fmt.Sprintf("%+d", c.Slice)
	}
	return text
}

// ParseChannel reads what [Channel.String] writes.
func ParseChannel(text string) (Channel, error) {
	text = strings.ReplaceAll(text, "−", "-")
	c := Channel{Source: text}
	if i := strings.IndexAny(text, "+-"); i > 0 {
		n, err := strconv.Atoi(text[i:])
		if err != nil {
			return c, NewKeyError("channels", fmt.Sprintf("%q is not a slice of a series; use grey-1 for the previous slice, grey+1 for the next one", text))
		}
		c.Source, c.Slice = text[:i], n
	}
	if source, volume, ok := strings.Cut(c.Source, "@"); ok {
		n, err := strconv.Atoi(volume)
		if err != nil {
			return c, NewKeyError("channels", fmt.Sprintf("%q is no volume of a file; write grey@0 for the first one", text))
		}
		c.Source, c.Volume = source, &n
	}
	return c, c.check("channels")
}

func (c Channel) check(key string) error {
	if !slices.Contains(sourceNames(), c.Source) {
		return NewKeyError(key+".source", fmt.Sprintf("%q is unknown, allowed: %s", c.Source, strings.Join(sourceNames(), ", ")))
	}
	if c.Slice < -maxSlice || c.Slice > maxSlice {
		return NewKeyError(key+".slice", fmt.Sprintf("%d is outside %d…%d", c.Slice, -maxSlice, maxSlice))
	}
	if c.Volume != nil && (*c.Volume < 0 || *c.Volume >= maxVolume) {
		return NewKeyError(key+".volume", fmt.Sprintf("%d is outside 0…%d", *c.Volume, maxVolume-1))
	}
	return nil
}

// Values is a list with one number for all channels or one per channel. In
// JSON a single number may stand without brackets.
type Values []float64

// UnmarshalJSON implements [json.Unmarshaler].
func (v *Values) UnmarshalJSON(data []byte) error {
	var one float64
	if err := json.Unmarshal(data, &one); err == nil && string(data) != "null" {
		*v = Values{one}
		return nil
	}
	return json.Unmarshal(data, (*[]float64)(v))
}

// channelSource is a part of a pixel.
type channelSource int

const (
	red channelSource = iota
	green
	blue
	grey
	alpha
)

// opaque is the value of alpha in a picture that hides what is behind it.
const opaque = 255

// sourceNames are the sources as users write them, in the order of the
// constants.
func sourceNames() []string { return []string{"red", "green", "blue", "grey", "alpha"} }

func checkChannels(list []Channel, channels int) error {
	if len(list) != channels {
		return NewKeyError("channels", fmt.Sprintf("has %d entries, the model has %d channel(s)", len(list), channels))
	}
	for i, c := range list {
		key := fmt.Sprintf("channels[%d]", i)
		if err := cmp.Or(c.check(key), c.Intensity.check(key+".")); err != nil {
			return err
		}
	}
	return nil
}

// read takes a source out of interleaved pixels: grey, colours, or colours and
// alpha.
func (s channelSource) read(dst, pixels []float32, channels int) {
	switch {
	case s == alpha && channels < 4: // opaque
		for x := range dst {
			dst[x] = opaque
		}
	case channels == 1:
		copy(dst, pixels)
	case s == alpha:
		for x := range dst {
			dst[x] = pixels[x*channels+3]
		}
	case s == grey:
		for x := range dst {
			dst[x] = picture.Luma(pixels[x*channels], pixels[x*channels+1], pixels[x*channels+2])
		}
	default:
		for x := range dst {
			dst[x] = pixels[x*channels+int(s)]
		}
	}
}

// within is where the source lies in a pixel of so many values; ok is false where it is
// none of them.
func (s channelSource) within(channels int) (at int, ok bool) {
	switch {
	case channels == 1:
		return 0, s != alpha
	case s == grey:
		return 0, false
	case s == alpha:
		return 3, channels > 3
	}
	return int(s), int(s) < channels
}

// channelMap makes one channel of the tensor from one source: the intensity
// limits become 0…1, then scale, clip, mean and deviation follow.
type channelMap struct {
	source         channelSource
	at             origin
	intensity      Intensity
	limits         [2]float64 // raw values that become 0 and 1, where intensity is set
	scale, shift   float64
	low, high      float64
	mean, deviance float64
}

// origin is the picture that a channel is taken from.
type origin struct {
	slice  int // offset of the neighbour
	volume int // of the file; own is the picture's
}

const own = -1

// of is the picture at the origin, for the one that is prepared.
func (o origin) of(img *picture.Image) (*picture.Image, error) {
	if o.volume != own {
		var err error
		if img, err = img.Volume(o.volume); err != nil {
			return nil, err
		}
	}
	return img.Neighbour(o.slice)
}

// apply maps raw values to model units in place.
func (m *channelMap) apply(values []float32) {
	if m.intensity.IsSet() {
		for i, v := range values {
			values[i] = m.normalized(m.intensity.unit(float64(v), m.limits))
		}
		return
	}
	for i, v := range values {
		values[i] = m.normalized(float64(v))
	}
}

// spread maps values of 8 bits, every step-th of those that are given, by a table of what
// each becomes.
func (m *channelMap) spread(dst []float32, values []uint8, step int) {
	var table [256]float32
	for v := range table {
		table[v] = float32(v)
	}
	m.apply(table[:])
	for i := range dst {
		dst[i] = table[values[i*step]]
	}
}

// normalized scales, clips and standardizes.
func (m *channelMap) normalized(v float64) float32 {
	v = min(max(v*m.scale+m.shift, m.low), m.high)
	return float32((v - m.mean) / m.deviance)
}

// channelsOf works out the map of every channel for a picture. A model whose
// channels are no colours gets the volumes of a file that has as many.
func (p Preprocess) channelsOf(img *picture.Image, n int) []channelMap {
	maps := p.channels(n)
	if !volumesOf(img, n) || len(p.Channels) > 0 || n == 1 || n == 3 {
		return maps
	}
	for c := range maps {
		maps[c].source, maps[c].at.volume = grey, c
	}
	return maps
}

// volumesOf reports a file of n volumes.
func volumesOf(img *picture.Image, n int) bool {
	return img != nil && img.Scan != nil && img.Channels == 1 && img.Scan.Volumes == n
}

// channels works out the map of every channel.
func (p Preprocess) channels(n int) []channelMap {
	maps := make([]channelMap, n)
	for c := range maps {
		m := channelMap{source: p.source(c, n), at: origin{volume: own}, intensity: p.Intensity, scale: p.Scale[0], shift: p.Scale[1], low: math.Inf(-1), high: math.Inf(1)}
		if c < len(p.Channels) {
			m.at.slice = p.Channels[c].Slice
			if v := p.Channels[c].Volume; v != nil {
				m.at.volume = *v
			}
			if p.Channels[c].Intensity.IsSet() {
				m.intensity = p.Channels[c].Intensity
			}
		}
		m.limits = m.intensity.limits()
		if len(p.Clip) == 2 {
			m.low, m.high = p.Clip[0], p.Clip[1]
		}
		m.mean, m.deviance = pick(p.Mean, c, 0), pick(p.Std, c, 1)
		maps[c] = m
	}
	return maps
}

// source of channel c of n.
func (p Preprocess) source(c, n int) channelSource {
	switch {
	case c < len(p.Channels):
		return channelSource(max(slices.Index(sourceNames(), p.Channels[c].Source), 0))
	case n == 1:
		return grey
	case p.Color == BGR && c < 3:
		return blue - channelSource(c)
	}
	return min(channelSource(c), blue)
}

// onlyGrey reports maps that read nothing but brightness.
func onlyGrey(maps []channelMap) bool {
	return !slices.ContainsFunc(maps, func(m channelMap) bool { return m.source != grey })
}

// pick is the value of channel c in a list that may hold one value for all
// channels or none.
func pick(list []float64, c int, none float64) float64 {
	switch {
	case len(list) == 0:
		return none
	case len(list) == 1:
		return list[0]
	}
	return list[c]
}

func ListChannels(list []Channel) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.String()
	}
	return strings.Join(names, ", ")
}
