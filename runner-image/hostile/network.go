//go:build linux

package main

import (
	"os"
	"strings"
	"syscall"
)

func init() {
	add(map[string]program{
		"network":  network,
		"families": families,
	})
}

// network tries to get out: to a port of the host, given as its argument, and by
// the routes to other machines. A datagram socket that is connected sends
// nothing: the kernel only looks for a way.
func network(args []string) {
	try("the host's loopback", connect(syscall.SOCK_STREAM, [4]byte{127, 0, 0, 1}, number(args[0])))
	try("a name server", connect(syscall.SOCK_DGRAM, [4]byte{1, 1, 1, 1}, 53))
	try("the cloud's metadata", connect(syscall.SOCK_DGRAM, [4]byte{169, 254, 169, 254}, 80))
	try("another machine", connect(syscall.SOCK_DGRAM, [4]byte{192, 0, 2, 1}, 80))
	try("own loopback", ownLoopback())
	devices, _ := os.ReadFile("/proc/self/net/dev")
	for line := range strings.Lines(string(devices)) {
		if name, _, ok := strings.Cut(line, ":"); ok {
			say("interface", strings.TrimSpace(name))
		}
	}
}

func connect(kind int, address [4]byte, port int) error {
	fd, err := syscall.Socket(syscall.AF_INET, kind|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	timeout := syscall.Timeval{Sec: 2}
	_ = syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_SNDTIMEO, &timeout)
	return syscall.Connect(fd, &syscall.SockaddrInet4{Addr: address, Port: port})
}

func ownLoopback() error {
	_, here, err := listen(1)
	if err != nil {
		return err
	}
	return connect(syscall.SOCK_STREAM, here.Addr, here.Port)
}

// listen is at a port of loopback.
func listen(backlog int) (fd int, here *syscall.SockaddrInet4, err error) {
	if fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0); err != nil {
		return -1, nil, err
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return -1, nil, err
	}
	if err := syscall.Listen(fd, backlog); err != nil {
		return -1, nil, err
	}
	name, err := syscall.Getsockname(fd)
	here, ok := name.(*syscall.SockaddrInet4)
	if !ok {
		return -1, nil, syscall.EINVAL
	}
	return fd, here, err
}

// families asks for sockets that no benchmark needs and that have been ways into
// the kernel.
func families([]string) {
	for _, f := range []struct {
		name                   string
		family, kind, protocol int
	}{
		{"packet", syscall.AF_PACKET, syscall.SOCK_RAW, 0},
		{"netlink audit", syscall.AF_NETLINK, syscall.SOCK_RAW, 9},
		{"netlink netfilter", syscall.AF_NETLINK, syscall.SOCK_RAW, 12},
		{"netlink uevent", syscall.AF_NETLINK, syscall.SOCK_RAW, 15},
		{"key", 15, syscall.SOCK_RAW, 2},
		{"bluetooth", 31, syscall.SOCK_RAW, 1},
		{"rds", 21, syscall.SOCK_SEQPACKET, 0},
		{"tipc", 30, syscall.SOCK_RDM, 0},
		{"can", 29, syscall.SOCK_RAW, 1},
		{"alg", 38, syscall.SOCK_SEQPACKET, 0},
		{"vsock", 40, syscall.SOCK_STREAM, 0},
		{"xdp", 44, syscall.SOCK_RAW, 0},
		{"raw internet", syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP},
	} {
		fd, err := syscall.Socket(f.family, f.kind, f.protocol)
		if err == nil {
			_ = syscall.Close(fd)
		}
		try(f.name, err)
	}
}
