package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Icons of the toolbar that the toolkit does not have.
var (
	windowIcon = icon("window", `<path d="M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20zm0 2v16a8 8 0 0 1 0-16z"/>`)                                              // half light, half dark
	moveIcon   = icon("move", `<path d="M12 2l3.5 4H13v5h5V8.500l4 3.500-4 3.500V13h-5v5h2.500L12 22l-3.500-4H11v-5H6v2.500L2 12l4-3.500V11h5V6H8.500z"/>`) // arrows in four directions
	rulerIcon  = icon("ruler", `<path d="M1 8v8h22V8zm2 2h2v3h1.500v-3H9v4h1.500v-4H13v3h1.500v-3H17v4h1.500v-4H21v4H3z"/>`)                                // a ruler
	besideIcon = icon("beside", `<path d="M2 5h9v14H2zm11 0h9v14h-9zm2 2v10h5V7z"/>`)                                                                       // two pictures
	panelsIcon = icon("panels", `<path d="M2 4h20v16H2zm6 2v12h8V6z"/>`)                                                                                    // a window with its sides
)

// icon draws a path on 24×24 in the colour of text.
func icon(name, path string) fyne.Resource {
	return theme.NewThemedResource(fyne.NewStaticResource(name+".svg",
		[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`+path+`</svg>`)))
}
