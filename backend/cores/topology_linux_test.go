package cores

import (
	"testing"
	"testing/fstest"
)

func TestReadTopology(t *testing.T) {
	group := func(list string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(list + "\n")} }
	cpus := fstest.MapFS{
		"cpu0/topology/thread_siblings_list":  group("0,2"),
		"cpu2/topology/thread_siblings_list":  group("0,2"),
		"cpu1/topology/thread_siblings_list":  group("1"),
		"cpu10/topology/thread_siblings_list": group("10"),
		"cpu3/online":                         group("0"), // switched off
		"cpuidle/current_driver":              group("none"),
	}
	if got, want := read(cpus), (machine{4, 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := read(fstest.MapFS{}); got != (machine{}) {
		t.Errorf("a kernel that tells nothing gave %+v", got)
	}
}
