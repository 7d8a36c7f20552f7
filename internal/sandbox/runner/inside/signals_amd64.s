#include "textflag.h"

// func dropHandler()
// Called by the kernel: DI signal, SI siginfo, DX context. siginfo.si_code at
// offset 8 is above zero when the kernel itself reports a fault: of these signals.
// Any other may come from a descriptor (F_SETOWN, F_SETSIG), with a code above zero.
TEXT ·dropHandler(SB), NOSPLIT|NOFRAME, $0
	CMPL DI, $11
	JHI  drop
	MOVL $(1<<4|1<<5|1<<7|1<<8|1<<11), AX // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV
	BTL  DI, AX
	JCC  drop
	CMPL 8(SI), $0
	JGT  fault

drop:
	RET

fault:
	MOVQ ·goHandler(SB), AX
	JMP  AX
