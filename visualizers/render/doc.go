// Package render turns fields of numbers into pixels: ranges, colour maps,
// overlays on pictures, colour bars, figures and contact sheets. It knows no
// model and no window.
//
// The edges are defined, not left to chance:
//
//   - NaN means unknown and is fully transparent; it never bleeds into its
//     known neighbours.
//   - +Inf and -Inf take the colours of the ends of the range.
//   - A flat range (all values equal) shows the middle colour; nothing divides
//     by zero.
//   - Signed fields have a range symmetric about zero, so zero is always the
//     middle colour of a diverging map; unsigned fields run from their smallest
//     to their largest value.
//   - A field of the wrong length, of no cells, or placed outside the picture
//     draws nothing.
//
// All colours are 8-bit sRGB; images are alpha-premultiplied as image.RGBA asks.
package render
