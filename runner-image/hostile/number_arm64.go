//go:build linux

package main

// Numbers that package syscall lacks.
const (
	sysAddKey            = 217
	sysRequestKey        = 218
	sysKeyctl            = 219
	sysOpenByHandleAt    = 265
	sysSetns             = 268
	sysProcessVMReadv    = 270
	sysBPF               = 280
	sysUserfaultfd       = 282
	sysSchedSetscheduler = 119
)
