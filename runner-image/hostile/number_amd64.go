//go:build linux

package main

// Numbers that package syscall lacks.
const (
	sysAddKey            = 248
	sysRequestKey        = 249
	sysKeyctl            = 250
	sysOpenByHandleAt    = 304
	sysSetns             = 308
	sysProcessVMReadv    = 310
	sysBPF               = 321
	sysUserfaultfd       = 323
	sysSchedSetscheduler = 144
)
