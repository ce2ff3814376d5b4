package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"strconv"

	"picasso/backend"
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
