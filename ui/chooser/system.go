//go:build windows || (cgo && !linux)

package chooser

import (
	"errors"

	"github.com/sqweek/dialog"
)

// show shows a dialog until it is answered.
func show(r request, parent uintptr) (path string, err error) {
	defer owned(parent)()
	switch r.what {
	case aFolder:
		path, err = dialog.Directory().Title(r.title).SetStartDir(r.folder).Browse()
	case aTarget:
		path, err = dialog.File().Title(r.title).Filter(r.kind, r.extensions...).SetStartDir(r.folder).SetStartFile(r.name).Save()
	default:
		d := dialog.File().Title(r.title).SetStartDir(r.folder)
		if len(r.extensions) > 0 {
			d = d.Filter(r.kind, r.extensions...).Filter("All files", "*")
		}
		path, err = d.Load()
	}
	if errors.Is(err, dialog.ErrCancelled) {
		return "", nil
	}
	return path, err
}
