package printed

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"iter"
	"math"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"picasso/visualizers/render/plate"
)

// Measures of a page, in millimetres of A4; letters are in points.
const (
	paperWide, paperTall = 210.0, 297.0
	edge                 = 13.0
	wide                 = paperWide - 2*edge
	gap                  = 4.0
	columns              = 3
	column               = (wide - (columns-1)*gap) / columns
	tallest              = 48.0 // of a picture
	label                = 34.0 // width of a fact's name
	strip                = 2.5  // height of a bar
	body, small, large   = 7.5, 7.0, 15.0
)

// leading is the height of a line of letters.
func leading(points float64) float64 { return points * 0.3528 * 1.25 }

// PDF writes the pages as PDF 1.3 or later with a subset of the Go font in it.
// What the font has no letters for is shown as a box, and said on the page. The
// file has no date, so that the same pages give the same bytes. Memory grows
// with the pages; a caller bounds them.
func PDF(w io.Writer, head Head, list iter.Seq[Page]) error {
	p := &sheets{Fpdf: fpdf.New("P", "mm", "A4", ""), widths: map[int]bool{}}
	p.SetCatalogSort(true)
	dated := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	p.SetCreationDate(dated)
	p.SetModificationDate(dated)
	p.SetTitle(head.Title, true)
	p.SetCreator("Picasso "+head.Version, true)
	p.SetMargins(edge, edge, edge)
	p.SetAutoPageBreak(true, edge)
	p.SetCellMargin(0)
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetFooterFunc(func() { p.foot(head) })
	for page := range list {
		if p.page(page); p.Err() {
			return fmt.Errorf("the PDF cannot be made: %w", p.Error())
		}
	}
	return p.Output(w)
}

// sheets is a PDF as it grows.
type sheets struct {
	*fpdf.Fpdf
	widths map[int]bool // of pictures, in pixels: see image
	lacks  bool         // the page holds letters that the font has not
}

func (s *sheets) foot(head Head) {
	s.SetY(paperTall - edge + 3)
	s.letter("", small, 110)
	words := fmt.Sprintf("Page %d", s.PageNo())
	if head.Parts > 1 {
		words = fmt.Sprintf("Part %d of %d, page %d", head.Part, head.Parts, s.PageNo())
	}
	s.CellFormat(wide, leading(small), "Made from stored results by Picasso "+s.letters(head.Version)+". "+words, "", 0, "C", false, 0, "")
}

// letter chooses letters: their style, size in points, and grey 0…255.
func (s *sheets) letter(style string, points float64, grey int) {
	s.SetFont("go", style, points)
	s.SetTextColor(grey, grey, grey)
}

// letters is a text that the font can show.
func (s *sheets) letters(text string) string {
	if !plate.Lacks(text) {
		return text
	}
	s.lacks = true
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || plate.Lacks(string(r)) {
			return '□'
		}
		return r
	}, strings.ReplaceAll(text, " ", "\u00a0"))
}

// paragraph writes lines from the left edge, over as many sheets as they take.
func (s *sheets) paragraph(text string, points float64) {
	s.SetX(edge)
	s.MultiCell(wide, leading(points), s.letters(text), "", "L", false)
}

func (s *sheets) page(p Page) {
	s.lacks = false
	s.AddPage()
	s.letter("B", large, 0)
	s.paragraph(p.Title, large)
	if p.Notice != "" {
		s.letter("B", body, 0)
		s.SetTextColor(160, 16, 16)
		s.paragraph(p.Notice, body)
	}
	if p.Answer != "" {
		s.letter("", 11, 0)
		s.paragraph("Answer: "+p.Answer, 11)
	}
	s.Ln(2)
	s.panels(p.Panels)
	if p.Note != "" {
		s.heading("Note")
		s.letter("", body, 0)
		s.paragraph(p.Note, body)
	}
	s.answers(p.Answers)
	for _, section := range p.Sections {
		s.heading(section.Title)
		for _, f := range section.Facts {
			s.fact(f)
		}
	}
	s.Ln(3)
	s.letter("", small+0.5, 90)
	s.paragraph(p.Caveat, small+0.5)
	if s.lacks {
		s.paragraph("Some letters of names are not in the font of this PDF and show as boxes; the HTML report and result.json hold them as text.", small+0.5)
	}
}

// room begins a sheet where less than tall millimetres are left.
func (s *sheets) room(tall float64) {
	if s.GetY()+tall > paperTall-edge {
		s.AddPage()
	}
}

func (s *sheets) heading(title string) {
	s.room(leading(body+1) + 2*leading(body) + 2)
	s.Ln(2)
	s.letter("B", body+1, 0)
	s.paragraph(title, body+1)
}

// fact is a name with its value beside it.
func (s *sheets) fact(f Fact) {
	s.room(2 * leading(body))
	page, top := s.PageNo(), s.GetY()
	s.letter("", body, 90)
	s.MultiCell(label-2, leading(body), s.letters(f.Name), "", "L", false)
	bottom := s.GetY()
	if s.PageNo() != page {
		top = edge
	}
	page = s.PageNo()
	s.letter("", body, 0)
	s.SetXY(edge+label, top)
	s.MultiCell(wide-label, leading(body), s.letters(f.Value), "", "L", false)
	if s.PageNo() == page {
		s.SetY(max(bottom, s.GetY()))
	}
}

func (s *sheets) answers(list []Answer) {
	if len(list) == 0 {
		return
	}
	s.heading("Answers, best first")
	for _, a := range list {
		value := "probability " + a.Probability
		if a.Logit != "" {
			value += ", logit " + a.Logit
		}
		s.fact(Fact{a.Name, value})
	}
}

// panels stand in rows of [columns].
func (s *sheets) panels(list []Panel) {
	for len(list) > 0 {
		row := list[:min(columns, len(list))]
		list = list[len(row):]
		s.row(row)
	}
}

// row sets panels side by side, whole on one sheet.
func (s *sheets) row(row []Panel) {
	s.letter("B", small+0.5, 0)
	head, picture, unit := 0.0, 0.0, 0.0
	for _, p := range row {
		_, tall := fit(p)
		head = max(head, s.tall(p.Title, small+0.5))
		picture = max(picture, tall)
		if p.Bar != nil {
			unit = max(unit, s.tall(p.Bar.Unit, small))
		}
	}
	s.room(head + picture + unit + strip + leading(small) + 3)
	top := s.GetY()
	for i, p := range row {
		x := edge + float64(i)*(column+gap)
		s.letter("B", small+0.5, 0)
		s.block(x, top, column, p.Title, small+0.5)
		if p.Picture == nil {
			s.letter("", small, 90)
			s.block(x, top+head+1, column, p.Absent, small)
			continue
		}
		w, h := fit(p)
		s.image(p.Picture, x, top+head, w, h)
		if p.Bar != nil {
			s.bar(*p.Bar, x, top+head+picture+1, unit)
		}
	}
	s.SetY(top + head + picture + unit + strip + leading(small) + 3)
}

// fit is the size of a panel's picture, in millimetres.
func fit(p Panel) (w, h float64) {
	if p.Picture == nil {
		return column, 12
	}
	size := p.Picture.Rect.Size()
	scale := min(column/float64(size.X), tallest/float64(size.Y))
	return scale * float64(size.X), scale * float64(size.Y)
}

// mostLines is the most lines of a panel's words.
const mostLines = 4

func (s *sheets) lines(text string, width float64) []string {
	lines := s.SplitText(s.letters(text), width)
	if len(lines) > mostLines {
		lines = lines[:mostLines]
		lines[mostLines-1] = strings.TrimSpace(lines[mostLines-1]) + "…"
	}
	return lines
}

func (s *sheets) tall(text string, points float64) float64 {
	return float64(len(s.lines(text, column))) * leading(points)
}

// block writes lines at a place.
func (s *sheets) block(x, y, width float64, text string, points float64) {
	for i, line := range s.lines(text, width) {
		s.SetXY(x, y+float64(i)*leading(points))
		s.CellFormat(width, leading(points), line, "", 0, "L", false, 0, "")
	}
}

// image sets a picture. The library writes pictures in the order of their widths,
// and those of one width in a random one, so each gets a width of its own by
// white columns that are not shown.
func (s *sheets) image(m *image.RGBA, x, y, w, h float64) {
	size := m.Rect.Size()
	wide := size.X
	for s.widths[wide] {
		wide++
	}
	s.widths[wide] = true
	padded := image.NewRGBA(image.Rect(0, 0, wide, size.Y))
	draw.Draw(padded, padded.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(padded, padded.Rect, m, m.Rect.Min, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, padded); err != nil {
		s.SetError(err)
		return
	}
	name, options := fmt.Sprint(wide), fpdf.ImageOptions{ImageType: "PNG"}
	s.RegisterImageOptionsReader(name, options, &b)
	s.ClipRect(x, y, w, h, false)
	s.ImageOptions(name, x, y, w*float64(wide)/float64(size.X), h, false, options, 0, "")
	s.ClipEnd()
}

// bar is a scale with its unit above and its ticks below.
func (s *sheets) bar(b Bar, x, y, unit float64) {
	s.letter("", small, 0)
	s.block(x, y, column, b.Unit, small)
	left, length := x+4, column-8
	s.image(b.Strip, left, y+unit, length, strip)
	free := math.Inf(-1)
	for _, t := range b.Ticks {
		at, half := left+length*t.At, s.GetStringWidth(t.Label)/2
		if at-half < free {
			continue
		}
		free = at + half + 1
		s.SetDrawColor(0, 0, 0)
		s.SetLineWidth(0.15)
		s.Line(at, y+unit+strip, at, y+unit+strip+0.7)
		s.SetXY(at-half-2, y+unit+strip+0.5)
		s.CellFormat(2*half+4, leading(small), t.Label, "", 0, "C", false, 0, "")
	}
}
