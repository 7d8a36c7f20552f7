//go:build !linux

package runner

import (
	"errors"
	"net"
)

// TakeSocket needs Linux.
func TakeSocket(int, int, string) (net.Conn, error) { return nil, errors.ErrUnsupported }
