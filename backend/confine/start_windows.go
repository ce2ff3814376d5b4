package confine

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// prepare gives the child a token without privileges at low integrity, with
// which nothing of the user's can be written. It is started suspended, so that
// it does not run before it is enclosed.
func prepare(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_SUSPENDED | windows.CREATE_NO_WINDOW}
	token, err := restricted()
	if err != nil {
		return fmt.Errorf("make a token without privileges: %w", err)
	}
	cmd.SysProcAttr.Token = syscall.Token(token)
	return nil
}

var (
	advapi                = windows.NewLazySystemDLL("advapi32.dll")
	createRestrictedToken = advapi.NewProc("CreateRestrictedToken")
	ntdll                 = windows.NewLazySystemDLL("ntdll.dll")
	resumeProcess         = ntdll.NewProc("NtResumeProcess")
)

func restricted() (windows.Token, error) {
	const disableMaxPrivilege = 1
	var own, token windows.Token
	const access = windows.TOKEN_DUPLICATE | windows.TOKEN_ASSIGN_PRIMARY | windows.TOKEN_QUERY | windows.TOKEN_ADJUST_DEFAULT
	if err := windows.OpenProcessToken(windows.CurrentProcess(), access, &own); err != nil {
		return 0, err
	}
	defer own.Close()
	if ok, _, err := createRestrictedToken.Call(uintptr(own), disableMaxPrivilege, 0, 0, 0, 0, 0, 0, uintptr(unsafe.Pointer(&token))); ok == 0 {
		return 0, err
	}
	low, err := windows.CreateWellKnownSid(windows.WinLowLabelSid)
	if err != nil {
		return 0, errors.Join(err, token.Close())
	}
	label := windows.Tokenmandatorylabel{Label: windows.SIDAndAttributes{Sid: low, Attributes: windows.SE_GROUP_INTEGRITY}}
	if err := windows.SetTokenInformation(token, windows.TokenIntegrityLevel, (*byte)(unsafe.Pointer(&label)), label.Size()); err != nil {
		return 0, errors.Join(err, token.Close())
	}
	return token, nil
}

// enclose puts a started process into a job object (bounded memory, no
// children, an end with its parent) and lets it run. The job lives until
// release.
func enclose(cmd *exec.Cmd, memory int64) (release func(), err error) {
	defer windows.CloseHandle(windows.Handle(cmd.SysProcAttr.Token))
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, err
	}
	release = func() { windows.CloseHandle(job) }
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY |
		windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS | windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	info.BasicLimitInformation.ActiveProcessLimit = 1
	info.ProcessMemoryLimit = uintptr(memory)
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		release()
		return nil, err
	}
	const access = windows.PROCESS_SET_QUOTA | windows.PROCESS_TERMINATE | windows.PROCESS_SUSPEND_RESUME
	process, err := windows.OpenProcess(access, false, uint32(cmd.Process.Pid))
	if err != nil {
		release()
		return nil, err
	}
	defer windows.CloseHandle(process)
	if err := windows.AssignProcessToJobObject(job, process); err != nil {
		release()
		return nil, err
	}
	if status, _, _ := resumeProcess.Call(uintptr(process)); status != 0 {
		release()
		return nil, fmt.Errorf("the process cannot be resumed: status %#x", status)
	}
	return release, nil
}
