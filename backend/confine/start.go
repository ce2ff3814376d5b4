package confine

import (
	"os/exec"
	"runtime"
)

// Start starts cmd as a child that cannot outlive this process and inherits
// nothing but its standard streams. memory bounds it in bytes where the parent
// is the one to do so (Windows); elsewhere the child calls [Enter]. release
// must be called once the child has been waited for.
func Start(cmd *exec.Cmd, memory int64) (release func(), err error) {
	if err := prepare(cmd); err != nil {
		return nil, err
	}
	started, ended := make(chan error), make(chan struct{})
	go func() {
		// The signal that ends the child comes when the thread that started it
		// ends, so that thread is kept.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			<-ended
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	open, err := enclose(cmd, memory)
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // says that it was killed
		close(ended)
		return nil, err
	}
	return func() {
		open()
		close(ended)
	}, nil
}
