package explain

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"picasso/ui/control"
	"picasso/ui/uitest"
)

// bench is the workspace on fakes.
type bench struct {
	*uitest.Desk
	*Workspace
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Desk: uitest.NewControl(t)}
	b.Workspace = New(b.Host, b.C)
	b.Host.Window.SetContent(container.NewHSplit(b.Middle(), b.Side()))
	b.Host.Window.Resize(fyne.NewSize(1280, 820))
	b.C.Listen(control.NewDraws(b.C, b.Draws()...))
	return b
}

func (b *bench) setting(key string) settingRow {
	b.T.Helper()
	for _, r := range b.settings.rows {
		if r.setting.Key() == key {
			return r
		}
	}
	b.T.Fatalf("no control for %s", key)
	return settingRow{}
}
