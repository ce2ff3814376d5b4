// Package compare sets what two models found about one picture side by side:
// which of their classes mean the same, their maps in the pixels of the picture,
// and the difference of these. It runs no model and draws nothing.
package compare
