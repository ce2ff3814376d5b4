package ui

import (
	"context"
	"fmt"
	"net/url"
	"picasso/backend/infer"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/task"
	"picasso/ui/welcome"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// showKeys lists all keys, from the table that makes them work: at the left those of
// the window and of Explain, at the right those over a scan and of the other workspaces.
func (w *Window) showKeys() {
	help := w.keyHelp()
	column := func(parts ...keyPart) fyne.CanvasObject {
		var lines []fyne.CanvasObject
		for _, part := range parts {
			lines = append(append(lines, widgets.Heading(part.title)), keyLines(part.rows)...)
		}
		return widgets.Tight(lines...)
	}
	table := container.NewGridWithColumns(2, column(help[:2]...), column(help[2:]...))
	w.inform("Keyboard shortcuts", container.NewVScroll(widgets.Roomy(table)), fyne.NewSize(880, table.MinSize().Height+keysFrame))
}

// keysFrame is what title and button of the help on keys take of its height, in pixels.
const keysFrame = 120

// keysWidth has room for two keys with two held ones each, in pixels.
const keysWidth = 176

func keyLines(rows [][2]string) []fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, row := range rows {
		keys := widget.NewLabel(row[0])
		keys.TextStyle.Monospace = true
		lines = append(lines, container.NewBorder(nil, nil, widgets.AtLeast(keysWidth, 0, keys), nil, widget.NewLabel(row[1])))
	}
	return lines
}

// keyPart is a part of the help on keys: what holds where its title says, keys and
// what they do.
type keyPart struct {
	title string
	rows  [][2]string
}

// keyHelp are the parts of the help: everywhere, in Explain, over a scan, and in each
// other workspace.
func (w *Window) keyHelp() []keyPart {
	always, scan := keyPart{title: "EVERYWHERE"}, keyPart{title: "OVER A SCAN, BEFORE THE OTHERS", rows: scanHands()}
	own := map[string][][2]string{}
	for _, a := range w.actions {
		row := [2]string{a.Strokes(), strings.TrimSuffix(a.Title, "…")}
		switch {
		case len(a.Keys) == 0:
		case a.Where != "":
			own[a.Where] = append(own[a.Where], row)
		case a.Scan:
			scan.rows = append(scan.rows, row)
		case a.Seen != nil:
			for _, name := range a.Seen {
				own[name] = append(own[name], row)
			}
		default:
			always.rows = append(always.rows, row)
		}
	}
	parts := []keyPart{always}
	for i, one := range w.workspaces {
		parts = append(parts, keyPart{"IN THE WORKSPACE " + strings.ToUpper(one.title), own[string(one.name)]})
		if i == 0 {
			parts = append(parts, scan)
		}
	}
	return parts
}

func (w *Window) showAbout() {
	text := widget.NewLabel(welcome.Purpose + "\n\n" + welcome.Promise)
	text.Wrapping = fyne.TextWrapWord
	version := w.params.Version
	if version == "" {
		version = "development version"
	}
	parts := widgets.Faint(version + "\nApache License 2.0")
	parts.Selectable = true
	box := container.NewVBox(text, parts)
	if path := w.params.Notices; path != "" {
		box.Add(container.NewHBox(widget.NewButton("Third-party licences", func() { w.show(path, false) })))
	}
	w.inform("About Picasso", box, fyne.NewSize(460, 240))
}

// showMethod explains the current visualizer.
func (w *Window) showMethod() {
	p := w.c.State().Panel()
	text := widget.NewLabel(p.Info.About)
	text.Wrapping = fyne.TextWrapWord
	box := container.NewVBox(text)
	if u, err := url.Parse(p.Info.Link); err == nil && u.Scheme != "" {
		link := widget.NewHyperlink(strings.TrimPrefix(p.Info.Link, "https://"), u)
		link.Wrapping = fyne.TextWrapBreak
		box.Add(link)
	} else if p.Info.Link != "" {
		box.Add(widgets.Faint(p.Info.Link))
	}
	for _, set := range p.Settings {
		line := widget.NewLabel(set.Label() + ": " + set.Help())
		line.Wrapping = fyne.TextWrapWord
		box.Add(line)
	}
	w.inform(p.Info.Title, container.NewVScroll(box), fyne.NewSize(560, 420))
}

// showDiagnostics asks the runtime, off the window's goroutine.
func (w *Window) showDiagnostics() {
	d, ok := w.params.Runtime.(diagnoser)
	if !ok {
		w.hint("This build has no diagnostics.")
		return
	}
	w.hint("Checking what can run models here…")
	task.Start(w.tasks.New(), func(ctx context.Context, _ func(func())) (infer.Diagnosis, error) {
		return d.Diagnose(ctx), nil
	}, func(found infer.Diagnosis, err error) {
		w.hint("")
		if err != nil {
			w.c.Tell("run the diagnostics", err)
			return
		}
		text := widget.NewLabel(diagnosis(found))
		text.Wrapping = fyne.TextWrapWord
		text.Selectable = true
		w.inform("Diagnostics", container.NewVScroll(text), fyne.NewSize(680, 480))
	})
}

// diagnosis is what runs models on this machine, in words.
func diagnosis(d infer.Diagnosis) string {
	var b strings.Builder
	if d.Library == "" {
		fmt.Fprintf(&b, "ONNX Runtime was not found. %s\n", words.Sentence(d.Err))
	} else {
		fmt.Fprintf(&b, "ONNX Runtime %s\n%s\n", d.Version, d.Library)
		if d.Err != "" {
			fmt.Fprintf(&b, "%s\n", words.Sentence(d.Err))
		}
	}
	if len(d.Looked) > 0 {
		b.WriteString("\nSearched in:\n")
		for _, place := range d.Looked {
			fmt.Fprintf(&b, "    %s\n", place)
		}
	}
	if len(d.Providers) > 0 {
		b.WriteString("\nExecution providers:\n")
	}
	for _, a := range d.Providers {
		state := "usable"
		if !a.OK {
			state = "not usable. " + a.Reason
		}
		fmt.Fprintf(&b, "    %s: %s\n", a.Provider, state)
	}
	return b.String()
}
