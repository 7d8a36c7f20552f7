#include "textflag.h"

// func dropHandler()
// Called by the kernel: R0 signal, R1 siginfo, R2 context. siginfo.si_code at
// offset 8 is above zero when the kernel itself reports a fault.
TEXT ·dropHandler(SB), NOSPLIT|NOFRAME, $0
	CMPW $17, R0 // SIGCHLD
	BEQ  drop
	MOVW 8(R1), R3
	CMPW $0, R3
	BGT  fault

drop:
	RET

fault:
	MOVD ·goHandler(SB), R3
	JMP  (R3)
