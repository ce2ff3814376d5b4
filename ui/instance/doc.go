// Package instance lets a second start of the program hand its files to the
// window that is open already, as file managers expect.
//
// [Join] decides which start is the first: that one listens on a socket in a
// folder that only the user can enter, before it builds its window; a later one
// sends the paths there and ends. Whatever goes wrong on the way, the later start
// opens a window of its own: files are never lost.
package instance
