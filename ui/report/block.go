package report

import (
	"fmt"
	"math"
	"strings"

	"picasso/backend/preprocess"
)

// Block is which part of a volume the model got, in voxels of the file: slices, rows and
// columns, counted from 0.
type Block struct {
	How     string `json:"block"` // how it was chosen: see preprocess.volume.block; "at" for preprocess.volume.at
	From    [3]int `json:"from"`
	To      [3]int `json:"to"`               // the last one
	Of      [3]int `json:"of"`               // how many there are
	Padding Number `json:"padding"`          // the part of the model's input that the volume does not fill
	Blocks  int    `json:"blocks,omitempty"` // that the model was moved over
}

// BlockOf is the part that a block holds, which was chosen as a preparation says, nil for
// the usual; blocks is how many the model was moved over, 0 where it was not.
func BlockOf(b preprocess.Block, how *preprocess.Volume, blocks int) Block {
	p := Block{Of: b.Source, How: preprocess.SliceBlock, Blocks: blocks}
	if how != nil && how.Block != "" {
		p.How = how.Block
	}
	if how != nil && len(how.At) > 0 {
		p.How = "at"
	}
	all, filled := b.Corners(), 1.0
	for k, n := range b.Source {
		low, high := all[0][k], all[7][k]
		inside := max(0, min(high, float64(n)-0.5)-max(low, -0.5))
		filled *= inside / (high - low)
		p.From[k] = min(max(int(math.Ceil(low-1e-6)), 0), n-1)
		p.To[k] = min(max(int(math.Floor(high+1e-6)), 0), n-1)
	}
	p.Padding = Number(max(0, 1-filled))
	if p.Padding < 1e-6 {
		p.Padding = 0
	}
	return p
}

// Whole reports whether nothing of the volume lies outside.
func (p Block) Whole() bool {
	return p.From == [3]int{} && p.To == [3]int{p.Of[0] - 1, p.Of[1] - 1, p.Of[2] - 1}
}

// String says it in words, counting from 1 as the window does.
func (p Block) String() string {
	var out []string
	if p.Whole() {
		out = append(out, fmt.Sprintf("the model got the whole volume of %d×%d×%d voxels", p.Of[0], p.Of[1], p.Of[2]))
	} else {
		out = append(out, fmt.Sprintf("the model got slices %d to %d, rows %d to %d and columns %d to %d of %d×%d×%d",
			p.From[0]+1, p.To[0]+1, p.From[1]+1, p.To[1]+1, p.From[2]+1, p.To[2]+1, p.Of[0], p.Of[1], p.Of[2]))
	}
	if p.Blocks > 0 {
		out = append(out, fmt.Sprintf("in %d overlapping blocks", p.Blocks))
	}
	if p.Padding > 0 {
		out = append(out, fmt.Sprintf("%.0f %% of its input is padding", max(1, 100*float64(p.Padding))))
	}
	return strings.Join(out, ", ")
}
