package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// look is Fyne's theme with calmer colours, smaller text and a variant that
// the user may fix. Pictures are judged against their surroundings, so these
// are neutral greys.
type look struct {
	fyne.Theme
	fixed string // "", "light", "dark"
}

func newLook(fixed string) *look { return &look{theme.DefaultTheme(), fixed} }

func (l *look) variant(system fyne.ThemeVariant) fyne.ThemeVariant {
	switch l.fixed {
	case "light":
		return theme.VariantLight
	case "dark":
		return theme.VariantDark
	}
	return system
}

// Color implements fyne.Theme.
func (l *look) Color(name fyne.ThemeColorName, system fyne.ThemeVariant) color.Color {
	v := l.variant(system)
	table := lightColors()
	if v == theme.VariantDark {
		table = darkColors()
	}
	if c, ok := table[name]; ok {
		return c
	}
	return l.Theme.Color(name, v)
}

// Size implements fyne.Theme.
func (l *look) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return 11
	case theme.SizeNameSubHeadingText: // three sizes in all
		return 13
	case theme.SizeNameHeadingText:
		return 20
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInlineIcon:
		return 18
	case theme.SizeNameScrollBar:
		return 10
	}
	return l.Theme.Size(name)
}

func rgb(hex uint32) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

func lightColors() map[fyne.ThemeColorName]color.Color {
	return map[fyne.ThemeColorName]color.Color{
		theme.ColorNameBackground:        rgb(0xf4f4f5),
		theme.ColorNameForeground:        rgb(0x1f2328),
		theme.ColorNamePlaceHolder:       rgb(0x66707b),
		theme.ColorNameDisabled:          rgb(0x7c858f),
		theme.ColorNameShadow:            color.NRGBA{A: 0x1c},
		theme.ColorNamePrimary:           rgb(0x2f6fb3),
		theme.ColorNameHyperlink:         rgb(0x1f5f9f),
		theme.ColorNameFocus:             color.NRGBA{R: 0x2f, G: 0x6f, B: 0xb3, A: 0x66},
		theme.ColorNameHeaderBackground:  rgb(0xe9e9ec),
		theme.ColorNameInputBackground:   rgb(0xe6e8eb), // of tracks too, which lie on the background
		theme.ColorNameInputBorder:       rgb(0x858c95),
		theme.ColorNameButton:            rgb(0xdcdee2),
		theme.ColorNameSeparator:         rgb(0xcdd0d5),
		theme.ColorNameMenuBackground:    rgb(0xffffff),
		theme.ColorNameOverlayBackground: rgb(0xffffff),
		theme.ColorNameError:             rgb(0xb3261e),
		theme.ColorNameWarning:           rgb(0x8a5c00),
	}
}

func darkColors() map[fyne.ThemeColorName]color.Color {
	return map[fyne.ThemeColorName]color.Color{
		theme.ColorNameBackground:        rgb(0x1d1e21),
		theme.ColorNameForeground:        rgb(0xe3e4e6),
		theme.ColorNamePlaceHolder:       rgb(0x969ba3),
		theme.ColorNameDisabled:          rgb(0x858b94),
		theme.ColorNameShadow:            color.NRGBA{A: 0x70},
		theme.ColorNamePrimary:           rgb(0x6aa5e0),
		theme.ColorNameHyperlink:         rgb(0x8ab8e8),
		theme.ColorNameFocus:             color.NRGBA{R: 0x6a, G: 0xa5, B: 0xe0, A: 0x80},
		theme.ColorNameHeaderBackground:  rgb(0x26282c),
		theme.ColorNameInputBackground:   rgb(0x2a2c31),
		theme.ColorNameInputBorder:       rgb(0x6b7079),
		theme.ColorNameButton:            rgb(0x33363c),
		theme.ColorNameSeparator:         rgb(0x36393f),
		theme.ColorNameMenuBackground:    rgb(0x2a2c31),
		theme.ColorNameOverlayBackground: rgb(0x26282c),
		theme.ColorNameError:             rgb(0xff8a80),
		theme.ColorNameWarning:           rgb(0xf0c060),
	}
}
