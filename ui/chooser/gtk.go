//go:build cgo && linux

package chooser

// #cgo pkg-config: gtk+-3.0 x11
// #include <stdlib.h>
// #include <gtk/gtk.h>
// #include <gdk/gdkx.h>
//
// static void filter(GtkFileChooser *chooser, const char *name, const char *patterns) {
// 	GtkFileFilter *f = gtk_file_filter_new();
// 	gtk_file_filter_set_name(f, name);
// 	gchar **all = g_strsplit(patterns, ";", -1);
// 	for (gchar **one = all; *one != NULL; one++) {
// 		gtk_file_filter_add_pattern(f, *one);
// 	}
// 	g_strfreev(all);
// 	gtk_file_chooser_add_filter(chooser, f);
// }
//
// // Told whose child it is before it is shown, the dialog lies over its parent from
// // the start.
// static void attach(GtkWidget *dialog, gulong parent) {
// 	gtk_widget_realize(dialog);
// 	GdkWindow *own = gtk_widget_get_window(dialog);
// 	GdkDisplay *display = gdk_window_get_display(own);
// 	if (parent != 0 && GDK_IS_X11_DISPLAY(display)) {
// 		XSetTransientForHint(GDK_DISPLAY_XDISPLAY(display), GDK_WINDOW_XID(own), parent);
// 	}
// }
//
// // choose returns the path, which the caller frees, or NULL.
// static char *choose(const char *title, int action, const char *accept, const char *kind, const char *patterns,
// 		const char *folder, const char *name, gulong parent) {
// 	GtkWidget *dialog = gtk_file_chooser_dialog_new(title, NULL, (GtkFileChooserAction)action,
// 		"Cancel", GTK_RESPONSE_CANCEL, accept, GTK_RESPONSE_ACCEPT, NULL);
// 	GtkFileChooser *chooser = GTK_FILE_CHOOSER(dialog);
// 	if (patterns[0] != 0) {
// 		filter(chooser, kind, patterns);
// 	}
// 	if (patterns[0] != 0 && action == GTK_FILE_CHOOSER_ACTION_OPEN) {
// 		filter(chooser, "All files", "*");
// 	}
// 	if (folder[0] != 0) {
// 		gtk_file_chooser_set_current_folder(chooser, folder);
// 	}
// 	if (name[0] != 0) {
// 		gtk_file_chooser_set_current_name(chooser, name);
// 	}
// 	gtk_file_chooser_set_do_overwrite_confirmation(chooser, TRUE);
// 	gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_ACCEPT);
// 	attach(dialog, parent);
// 	char *path = NULL;
// 	if (gtk_dialog_run(GTK_DIALOG(dialog)) == GTK_RESPONSE_ACCEPT) {
// 		path = gtk_file_chooser_get_filename(chooser);
// 	}
// 	gtk_widget_destroy(dialog);
// 	while (gtk_events_pending()) { // it goes with the events that follow, and no loop runs
// 		gtk_main_iteration();
// 	}
// 	return path;
// }
import "C"

import (
	"errors"
	"strings"
	"sync"
	"unsafe"
)

var errNoScreen = errors.New("GTK finds no screen for a file dialog; drop the file on the window, or paste its path with Ctrl+V")

// start starts GTK once, on the X server where there is one: the window is there too,
// under Wayland as well, and a dialog can only be the child of a window of its own kind.
// It leaves the program's locale alone, which other threads may be reading: GLFW has set
// what concerns characters.
var start = sync.OnceValue(func() bool {
	backends := C.CString("x11,*")
	defer C.free(unsafe.Pointer(backends))
	C.gdk_set_allowed_backends(backends)
	C.gtk_disable_setlocale()
	return C.gtk_init_check(nil, nil) == C.TRUE
})

// show shows a dialog until it is answered.
func show(r request, parent uintptr) (string, error) {
	if !start() {
		return "", errNoScreen
	}
	action, accept := C.GTK_FILE_CHOOSER_ACTION_OPEN, "Open"
	switch r.what {
	case aFolder:
		action, accept = C.GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, "Choose"
	case aTarget:
		action, accept = C.GTK_FILE_CHOOSER_ACTION_SAVE, "Save"
	}
	var patterns []string
	for _, e := range r.extensions {
		patterns = append(patterns, "*."+e)
	}
	var texts []*C.char
	text := func(s string) *C.char {
		c := C.CString(s)
		texts = append(texts, c)
		return c
	}
	defer func() {
		for _, c := range texts {
			C.free(unsafe.Pointer(c))
		}
	}()
	path := C.choose(text(r.title), C.int(action), text(accept), text(r.kind), text(strings.Join(patterns, ";")), text(r.folder), text(r.name), C.gulong(parent))
	if path == nil {
		return "", nil
	}
	defer C.g_free(C.gpointer(path))
	return C.GoString(path), nil
}
