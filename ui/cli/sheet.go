package cli

import (
	"bytes"
	"fmt"
	"strings"

	"picasso/ui/report"
	"picasso/visualizers"
)

// sheetFile is the sheet of a picture.
const sheetFile = "sheet.png"

// addToSheet adds the maps of one method, one for each class. Those of a volume are all on
// one slice: the one that was asked for, else the one with the largest share of the first
// map.
func (p *filing) addToSheet(shown report.Shown, maps []visualizers.Map) (err error) {
	cells := make([]report.Shown, len(maps))
	for i, m := range maps {
		if shown.Map = m; p.volume != nil && m.Depth > 0 {
			if p.sheet.Empty() && i == 0 {
				p.slice, _ = p.volume.Show(m)
				if p.sheet.Subject.Picture, p.sheet.Subject.Base, err = p.volume.At(p.slice); err != nil {
					return err
				}
			}
			shown.Map = m.OnSlice(p.volume.Block, p.slice)
		}
		cells[i] = p.displayed(shown)
	}
	p.sheet.Add(shown.Visualizer.Info(), cells)
	return nil
}

// fileSheet writes the sheet and describes it.
func (p *filing) fileSheet() error {
	if p.sheet.Empty() {
		return fmt.Errorf("--sheet: %s drew no map to put on a sheet", strings.Join(p.sheet.Without(), ", "))
	}
	p.Sheet = p.sheet.Sheet(sheetFile)
	var b bytes.Buffer
	if err := p.sheet.Grid(p.Sheet).Write(&b); err != nil {
		return fmt.Errorf("--sheet: %w", err)
	}
	return p.folder.put(sheetFile, b.Bytes())
}
