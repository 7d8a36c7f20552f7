#include "textflag.h"

// func dropHandler()
// Called by the kernel: R0 signal, R1 siginfo, R2 context. siginfo.si_code at
// offset 8 is above zero when the kernel itself reports a fault: of these signals.
// Any other may come from a descriptor (F_SETOWN, F_SETSIG), with a code above zero.
TEXT ·dropHandler(SB), NOSPLIT|NOFRAME, $0
	CMPW $11, R0
	BHI  drop
	MOVD $(1<<4|1<<5|1<<7|1<<8|1<<11), R3 // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV
	LSR  R0, R3
	TBZ  $0, R3, drop
	MOVW 8(R1), R3
	CMPW $0, R3
	BGT  fault

drop:
	RET

fault:
	MOVD ·goHandler(SB), R3
	JMP  (R3)
