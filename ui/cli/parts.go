package cli

import (
	"bytes"
	"context"
	"fmt"

	"picasso/backend/spreadsheet"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
)

// addParts writes what a visualizer found beside its maps: VISUALIZER.md,
// VISUALIZER.csv, VISUALIZER-picture.png and .npy; the second of a kind is called
// VISUALIZER-2.md, and so on.
func (p *filing) addParts(ctx context.Context, parts []visualizers.Part, shown report.Shown) error {
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
			if err := p.addMapAs(ctx, name("-map", "")+"-"+targetFile(part.Map.Target), shown); err != nil {
				return err
			}
			continue
		case part.Table != nil:
			entry.Kind, entry.File, entry.Columns, entry.Rows = "table", name("", ".csv"), part.Table.Columns, part.Table.Rows
			err = f.table(entry.File, *part.Table)
		case part.Picture != nil:
			entry.Kind, entry.File = "image", name("-picture", ".png")
			entry.Picture = report.NewPicture(part.Picture, name("-picture", ".npy"))
			err = f.picture(entry.File, entry.Picture.NPY, part.Picture)
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

// picture writes what a method made, to look at and as numbers.
func (f *folder) picture(png, npy string, p *visualizers.Picture) error {
	if err := f.array(npy, []int{p.Channels, p.Height, p.Width}, p.Values); err != nil {
		return err
	}
	return f.png(png, drawing.Picture(p))
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
	rows := make([][]spreadsheet.Cell, 0, len(t.Rows))
	for _, row := range t.Rows {
		cells := make([]spreadsheet.Cell, len(row))
		for i, value := range row {
			cells[i] = cell(value)
		}
		rows = append(rows, cells)
	}
	if err := spreadsheet.Write(&b, t.Columns, rows); err != nil {
		return err
	}
	return f.put(name, b.Bytes())
}

// cell writes a value with all its digits; an unknown one is empty.
func cell(value any) spreadsheet.Cell {
	switch value := value.(type) {
	case nil:
		return spreadsheet.Cell{}
	case float64:
		return spreadsheet.Number(value)
	}
	return spreadsheet.Text(fmt.Sprint(value))
}
