package bench

// Machine is the fingerprint of a host: figures are compared within one only.
type Machine struct {
	ID          string `json:"id" doc:"hash of everything below but the name"`
	Hostname    string `json:"hostname"`
	OS          string `json:"os"`
	Arch        string `json:"arch"`
	Kernel      string `json:"kernel"`
	CPU         string `json:"cpu"`
	Cores       int    `json:"cores" doc:"processors this server may use"`
	Memory      int64  `json:"memory" doc:"bytes"`
	Swap        bool   `json:"swap"`
	SMT         bool   `json:"smt"`
	Governor    string `json:"governor" doc:"empty where the kernel does not say"`
	Virtualised string `json:"virtualised" doc:"the hypervisor, empty on bare metal"`
	Cgroup      string `json:"cgroup" doc:"v1, v2, hybrid or none"`
}

// Disturbance is something about a host that makes its figures drift or spread.
type Disturbance struct {
	Name   string `json:"name"`
	State  string `json:"state" doc:"as found"`
	Effect string `json:"effect" doc:"what it does to figures"`
	Remedy string `json:"remedy" doc:"the command that mends it, or what helps"`
}
