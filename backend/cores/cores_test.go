package cores

import "testing"

func TestUsable(t *testing.T) {
	for _, c := range []struct {
		name           string
		machine        machine
		threads, limit int
		want           int
	}{
		{"all of two cores", machine{2, 2}, 2, 2, 2},
		{"one core of two threads", machine{2, 1}, 2, 2, 1},
		{"eight cores of two threads", machine{16, 8}, 16, 16, 8},
		{"three threads of them need two cores", machine{16, 8}, 3, 3, 2},
		{"a container's limit", machine{64, 64}, 64, 2, 2},
		{"fast cores of two threads and slow ones of one", machine{24, 16}, 24, 24, 16},
		{"nothing is known", machine{}, 8, 8, 0},
	} {
		if got := usable(c.machine, c.threads, c.limit); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
