package ui

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// luminance is the relative luminance of a colour over a ground (WCAG 2.2).
func luminance(c, ground color.Color) float64 {
	over, under := color.NRGBAModel.Convert(c).(color.NRGBA), color.NRGBAModel.Convert(ground).(color.NRGBA)
	share := float64(over.A) / 255
	linear := func(a, b uint8) float64 {
		x := (share*float64(a) + (1-share)*float64(b)) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(over.R, under.R) + 0.7152*linear(over.G, under.G) + 0.0722*linear(over.B, under.B)
}

// Both themes can be read: text and outlines have the contrast that WCAG 2.2 asks
// for (success criteria 1.4.3 and 1.4.11), and focus shows.
func TestBothThemesHaveContrast(t *testing.T) {
	for _, c := range []struct {
		over, under fyne.ThemeColorName
		least       float64
	}{
		{theme.ColorNameForeground, theme.ColorNameBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameInputBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameButton, 7},
		{theme.ColorNameForeground, theme.ColorNameOverlayBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameMenuBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameSelection, 4.5},
		{theme.ColorNamePlaceHolder, theme.ColorNameBackground, 4.5},
		{theme.ColorNamePrimary, theme.ColorNameBackground, 4.5},
		{theme.ColorNameHyperlink, theme.ColorNameOverlayBackground, 4.5},
		{theme.ColorNameError, theme.ColorNameBackground, 4.5},
		{theme.ColorNameWarning, theme.ColorNameBackground, 4.5},
		{theme.ColorNameInputBorder, theme.ColorNameBackground, 3},
		{theme.ColorNameDisabled, theme.ColorNameBackground, 3},
		{theme.ColorNameFocus, theme.ColorNameButton, 1.3},
	} {
		for _, variant := range []string{"light", "dark"} {
			l := newLook(variant)
			ground := l.Color(theme.ColorNameBackground, 0)
			a := luminance(l.Color(c.over, 0), l.Color(c.under, 0))
			b := luminance(l.Color(c.under, 0), ground)
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < c.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", variant, c.over, c.under, ratio, c.least)
			}
		}
	}
}
