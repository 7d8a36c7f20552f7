package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// inside is what a stranger's program can see and do, in its own words.
const inside = `
import ctypes, errno, json, os, socket, sys

server, host = sys.argv[1], sys.argv[2:]

def refused(call):
    try:
        call()
        return ""
    except OSError as e:
        return os.strerror(e.errno) if e.errno else str(e)

def connect(host, port):
    s = socket.socket()
    s.settimeout(2)
    s.connect((host, port))

def loopback():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen()
    connect(*s.getsockname())

def write(path):
    open(path, "w").close()

def mount():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")

def io_uring():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(425, 0, None) != 0 and ctypes.get_errno() in (errno.ENOSYS, errno.EPERM):
        raise OSError(ctypes.get_errno(), "io_uring_setup")

status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
seen = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in "environ", "cmdline":
        try:
            seen.append(open("/proc/%s/%s" % (pid, name)).read())
        except OSError:
            pass
json.dump({
    "status": {key: status[key].split()[0] for key in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp", "Uid", "Gid")},
    "refused": {
        "the server": refused(lambda: connect("127.0.0.1", int(server))),
        "another machine": refused(lambda: connect("192.0.2.1", 80)),
        "the root": refused(lambda: write("/x")),
        "/etc": refused(lambda: write("/etc/x")),
        "/proc": refused(lambda: write("/proc/sys/kernel/core_pattern")),
        "control groups": refused(lambda: os.mkdir("/sys/fs/cgroup/x")),
        "the runner's memory": refused(lambda: open("/proc/1/mem", "rb")),
        "the runner's descriptors": refused(lambda: os.listdir("/proc/1/fd")),
        "kernel memory": refused(lambda: open("/dev/mem", "rb")),
        "raw sockets": refused(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
        "kernel crypto": refused(lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)),
        "a mount": refused(mount),
        "io_uring": refused(io_uring),
        "another user": refused(lambda: os.setuid(0)),
    },
    "loopback": refused(loopback),
    "there": [path for path in host if os.path.lexists(path)],
    "work": os.listdir("/work"),
    "seen": "".join(seen),
    "namespaces": {name: os.readlink("/proc/self/ns/" + name) for name in ("pid", "mnt", "ipc", "uts", "net", "cgroup")},
    "processes": sum(map(str.isdigit, os.listdir("/proc"))),
}, sys.stdout)
`

type view struct {
	Status, Refused, Namespaces map[string]string
	Loopback, Seen              string // why loopback can't be used; all environments and arguments
	There, Work                 []string
	Processes                   int
}

const doNotTell = "do-not-tell-anybody"

// A stranger's program sees itself, its files and nothing else.
func TestViewOfAStranger(t *testing.T) {
	enclosed(t, sleepers, []string{"SERVER_SECRET=" + doNotTell}, viewOfAStranger)
}

func viewOfAStranger(t *testing.T, s *server, at bench.Isolation) {
	_, port, _ := strings.Cut(strings.TrimPrefix(s.url, "http://"), ":")
	command := []string{"python3", "look.py", port}
	command = append(command, t.TempDir(), "/run/docker.sock", "/var/run/docker.sock", "/run/containerd",
		"/var/lib/docker", "/root/.cache", "/dev/vda", "/dev/sda", "/dev/kmsg")
	r := s.wait(s.submitTo(at, once(bench.Definition{
		Name: "look around", Command: command, Files: []bench.File{{Path: "look.py", Content: inside}},
	})).ID)
	wantVerdict(t, r, bench.OK)
	wantReceipt(t, r)
	var v view
	if err := json.Unmarshal([]byte(r.Stdout.Tail), &v); err != nil {
		t.Fatalf("%v in %q", err, r.Stdout.Tail)
	}
	for key, want := range map[string]string{
		"CapEff": "0000000000000000", "CapBnd": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2", "Uid": "65534", "Gid": "65534",
	} {
		if v.Status[key] != want {
			t.Errorf("%s is %s, want %s", key, v.Status[key], want)
		}
	}
	for what, answer := range v.Refused {
		if answer == "" {
			t.Errorf("%s: not refused", what)
		}
	}
	if v.Loopback != "" {
		t.Errorf("loopback inside: %s", v.Loopback)
	}
	if len(v.There) > 0 || len(v.Work) != 1 {
		t.Errorf("of the host there is %v, in /work %v", v.There, v.Work)
	}
	for name, link := range v.Namespaces {
		if ours, err := os.Readlink("/proc/self/ns/" + name); err != nil || ours == link {
			t.Errorf("it shares the namespace %s of the server, %v", link, err)
		}
	}
	if len(v.Namespaces) != 6 {
		t.Errorf("its namespaces are %v", v.Namespaces)
	}
	if strings.Contains(v.Seen, doNotTell) || v.Processes > 2 {
		t.Errorf("%d processes, who say %q", v.Processes, v.Seen)
	}
}

// Hostile programs get the verdict that names what stopped them, and leave
// nothing: no process, no control group, no file, no container.
func TestHostilePrograms(t *testing.T) {
	temp := t.TempDir()
	s := containerServer(t, sleepers, "TMPDIR="+temp, "BENCHCELL_ISOLATION_CONTAINER_WARM=0", "BENCHCELL_ISOLATION_GRACE=200ms")
	for _, c := range []struct {
		name, script string
		want         bench.Verdict
	}{
		{"fork bomb", "bomb() { bomb | bomb & }; bomb; while :; do sleep 0.01; done", bench.PidsLimit},
		{"flood", "timeout 2 yes", bench.OutputLimit},
		{"full disk", "for i in 1 2 3; do head -c 40000000 /dev/zero > f$i || exit 1; done", bench.DiskLimit},
		{"one large file", "cat /dev/zero > f", bench.DiskLimit},
		{"no end", "trap '' TERM; while :; do :; done", bench.Timeout},
		{"kills everybody", "kill -9 1; kill -9 -1; true", bench.OK},
	} {
		r := s.try(once(bench.Definition{Name: c.name, Command: []string{"sh", "-c", c.script}, Timeout: 2000}))
		wantVerdict(t, r, c.want)
		wantGone(t, r)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left among the temporary files: %v, %v", left, err)
	}
	wantVerdict(t, s.try(once(bench.Definition{Name: "well", Command: []string{"true"}})), bench.OK)
}

// wantGone looks for anything of the container that a run was in.
func wantGone(t *testing.T, r bench.Run) {
	t.Helper()
	id := ""
	for _, line := range r.Isolation.Receipt {
		if line.Limit == "container" {
			id, _ = line.Effective.(string)
		}
	}
	if id == "" {
		t.Fatalf("%s: the receipt names no container", r.Benchmark)
	}
	waitFor(t, "the container to go", func() bool { return exec.Command("docker", "inspect", id).Run() != nil })
	root, err := exec.Command("docker", "info", "--format", "{{.DockerRootDir}}").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{
		"/proc/[0-9]*/cgroup", "/sys/fs/cgroup/*/docker/" + id + "*", "/sys/fs/cgroup/docker/" + id + "*",
		"/sys/fs/cgroup/system.slice/docker-" + id + "*", strings.TrimSpace(string(root)) + "/containers/" + id + "*",
	} {
		found, _ := filepath.Glob(pattern)
		for _, name := range found {
			text, _ := os.ReadFile(name) // a process may end meanwhile
			if strings.Contains(name, id) || strings.Contains(string(text), id) {
				t.Errorf("%s: left on the host: %s", r.Benchmark, name)
			}
		}
	}
}
