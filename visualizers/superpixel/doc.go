// Package superpixel divides pictures into superpixels: connected regions of
// similar pixels (SLIC; Achanta et al. 2012). It is plain geometry on numbers
// and knows neither models nor colours' names.
package superpixel
