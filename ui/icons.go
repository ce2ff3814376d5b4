package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Icons of the toolbar that the toolkit does not have.
var (
	windowIcon  = icon("window", `<path d="M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20zm0 2v16a8 8 0 0 1 0-16z"/>`)                                                                      // half light, half dark
	moveIcon    = icon("move", `<path d="M12 2l3.5 4H13v5h5V8.500l4 3.500-4 3.500V13h-5v5h2.500L12 22l-3.500-4H11v-5H6v2.500L2 12l4-3.500V11h5V6H8.500z"/>`)                         // arrows in four directions
	rulerIcon   = icon("ruler", `<path d="M1 8v8h22V8zm2 2h2v3h1.500v-3H9v4h1.500v-4H13v3h1.500v-3H17v4h1.500v-4H21v4H3z"/>`)                                                        // a ruler
	angleIcon   = icon("angle", `<path d="M20 20H3L15 4l1.600 1.200-4.600 6.100a8 8 0 0 1 3.500 6.700H20zm-6.500-2a6 6 0 0 0-2.700-5.100L7 18z"/>`)                                  // two arms and the arc between them
	ellipseIcon = icon("ellipse", `<path d="M12 5c5.500 0 10 3.100 10 7s-4.500 7-10 7-10-3.100-10-7 4.500-7 10-7zm0 2c-4.400 0-8 2.200-8 5s3.600 5 8 5 8-2.200 8-5-3.600-5-8-5z"/>`) // an ellipse
	boxIcon     = icon("box", `<path d="M2 5h20v14H2zm2 2v10h16V7z"/>`)                                                                                                              // a rectangle
	besideIcon  = icon("beside", `<path d="M2 5h9v14H2zm11 0h9v14h-9zm2 2v10h5V7z"/>`)                                                                                               // two pictures
	panelsIcon  = icon("panels", `<path d="M2 4h20v16H2zm6 2v12h8V6z"/>`)                                                                                                            // a window with its sides
)

// icon draws a path on 24×24 in the colour of text.
func icon(name, path string) fyne.Resource {
	return theme.NewThemedResource(fyne.NewStaticResource(name+".svg",
		[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`+path+`</svg>`)))
}
