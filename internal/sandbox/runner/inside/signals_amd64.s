#include "textflag.h"

// func dropHandler()
// Called by the kernel: DI signal, SI siginfo, DX context. siginfo.si_code at
// offset 8 is above zero when the kernel itself reports a fault.
TEXT ·dropHandler(SB), NOSPLIT|NOFRAME, $0
	CMPL DI, $17 // SIGCHLD
	JEQ  drop
	CMPL 8(SI), $0
	JGT  fault

drop:
	RET

fault:
	MOVQ ·goHandler(SB), AX
	JMP  AX
