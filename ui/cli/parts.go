package cli

import (
	"bytes"
	"fmt"
	"image"
	"image/color"

	"picasso/backend"
	"picasso/backend/spreadsheet"
	"picasso/visualizers"
)

// partReport is a text, table or picture of result.json. Texts and tables are
// there in full and as a file of their own.
type partReport struct {
	Visualizer string            `json:"visualizer"`
	Kind       string            `json:"kind"` // text, table, image
	Title      string            `json:"title,omitempty"`
	Settings   map[string]string `json:"settings"`
	File       string            `json:"file"`
	Text       string            `json:"text,omitempty"`
	Columns    []string          `json:"columns,omitempty"`
	Rows       [][]any           `json:"rows,omitempty"`
}

// addParts writes what a visualizer found beside its maps: VISUALIZER.md,
// VISUALIZER.csv, VISUALIZER-picture.png; the second of a kind is called
// VISUALIZER-2.md, and so on.
func (r *report) addParts(f *folder, v visualizers.Visualizer, m *backend.Model, s subject, parts []visualizers.Part, settings map[string]string) error {
	count := map[string]int{}
	name := func(suffix, extension string) string {
		count[suffix+extension]++
		if n := count[suffix+extension]; n > 1 {
			suffix += fmt.Sprintf("-%d", n)
		}
		return v.Info().ID + suffix + extension
	}
	for _, p := range parts {
		entry := partReport{Visualizer: v.Info().ID, Title: p.Title, Settings: settings}
		var err error
		switch {
		case p.Map != nil:
			if err := r.addMapAs(name("-map", "")+"-"+targetFile(p.Map.Target), f, v, m, s, *p.Map, settings); err != nil {
				return err
			}
			continue
		case p.Table != nil:
			entry.Kind, entry.File, entry.Columns, entry.Rows = "table", name("", ".csv"), p.Table.Columns, p.Table.Rows
			err = f.table(entry.File, *p.Table)
		case p.Picture != nil:
			entry.Kind, entry.File = "image", name("-picture", ".png")
			err = f.png(entry.File, paint(*p.Picture))
		default:
			entry.Kind, entry.File, entry.Text = "text", name("", ".md"), p.Text
			err = f.text(entry.File, p.Title, p.Text)
		}
		if err != nil {
			return err
		}
		r.Parts = append(r.Parts, entry)
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
