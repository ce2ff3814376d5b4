package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"strconv"

	"picasso/ui/report"
	"picasso/visualizers"
)

// addParts writes what a visualizer found beside its maps: VISUALIZER.md,
// VISUALIZER.csv, VISUALIZER-picture.png; the second of a kind is called
// VISUALIZER-2.md, and so on.
func (p *filing) addParts(parts []visualizers.Part, shown report.Shown) error {
	f, id, settings := p.folder, shown.Visualizer.Info().ID, visualizers.FormatValues(shown.Visualizer, shown.Values)
	count := map[string]int{}
	name := func(suffix, extension string) string {
		count[suffix+extension]++
		if n := count[suffix+extension]; n > 1 {
			suffix += fmt.Sprintf("-%d", n)
		}
		return id + suffix + extension
	}
	for _, part := range parts {
		entry := report.Part{Visualizer: id, Title: part.Title, Settings: settings}
		var err error
		switch {
		case part.Map != nil:
			shown.Map = *part.Map
			if err := p.addMapAs(name("-map", "")+"-"+targetFile(part.Map.Target), shown); err != nil {
				return err
			}
			continue
		case part.Table != nil:
			entry.Kind, entry.File, entry.Columns, entry.Rows = "table", name("", ".csv"), part.Table.Columns, part.Table.Rows
			err = f.table(entry.File, *part.Table)
		case part.Picture != nil:
			entry.Kind, entry.File = "image", name("-picture", ".png")
			err = f.png(entry.File, paint(*part.Picture))
		default:
			entry.Kind, entry.File, entry.Text = "text", name("", ".md"), part.Text
			err = f.text(entry.File, part.Title, part.Text)
		}
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, entry)
	}
	return nil
}

func (f *folder) text(name, title, text string) error {
	if title != "" {
		text = "# " + title + "\n\n" + text
	}
	if f.notice != "" {
		text += "\n\n" + f.notice
	}
	return f.put(name, []byte(text+"\n"))
}

func (f *folder) table(name string, t visualizers.Table) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{t.Columns}
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = cellText(c)
		}
		rows = append(rows, cells)
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return f.put(name, b.Bytes())
}

// cellText writes a cell with all its digits; an unknown one is empty.
func cellText(c any) string {
	switch c := c.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(c, 'g', -1, 64)
	}
	return fmt.Sprint(c)
}

// paint turns a picture's values from 0 to 1 into colours.
func paint(p visualizers.Picture) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	plane := p.Width * p.Height
	for i := range plane {
		var rgb [3]uint8
		for c := range rgb {
			v := p.Values[min(c, p.Channels-1)*plane+i]
			rgb[c] = uint8(min(max(v, 0), 1)*255 + 0.5)
		}
		m.SetRGBA(i%p.Width, i/p.Width, color.RGBA{rgb[0], rgb[1], rgb[2], 255})
	}
	return m
}
