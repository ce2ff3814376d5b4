package printed

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"html/template"
	"image"
	"image/png"
	"io"
	"iter"
)

//go:embed page.html
var pageHTML string

var pages = template.Must(template.New("").Funcs(template.FuncMap{"data": data}).Parse(pageHTML))

// data is a picture as an address that a page carries in itself.
func data(m *image.RGBA) (template.URL, error) {
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), err
}

// HTML writes one file that needs nothing besides: no scripts, no other files, no
// network. Pages are written as they come, so that memory holds one of them.
func HTML(w io.Writer, head Head, list iter.Seq[Page]) error {
	if err := pages.ExecuteTemplate(w, "head", head); err != nil {
		return err
	}
	for p := range list {
		if err := pages.ExecuteTemplate(w, "page", p); err != nil {
			return err
		}
	}
	return pages.ExecuteTemplate(w, "foot", head)
}
