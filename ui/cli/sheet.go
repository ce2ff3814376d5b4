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

// addToSheet adds the maps of one method, one for each class.
func (p *filing) addToSheet(shown report.Shown, maps []visualizers.Map) {
	cells := make([]report.Shown, len(maps))
	for i, m := range maps {
		shown.Map = m
		cells[i] = p.displayed(shown)
	}
	p.sheet.Add(shown.Visualizer.Info(), cells)
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
