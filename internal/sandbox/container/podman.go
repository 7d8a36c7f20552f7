package container

import (
	"errors"
	"os"
	"strings"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
)

// isPodman says whether Podman answers in the engine's place.
func isPodman(v types.Version) bool {
	for _, c := range v.Components {
		if strings.HasPrefix(c.Name, "Podman") {
			return true
		}
	}
	return false
}

const profileOption = "seccomp="

// profileInFile puts the profile for system calls into a file: Podman's socket
// takes its name where the engine takes the text. It is read when the container is
// made, and can go after that.
func profileInFile(host *container.HostConfig) (remove func(), err error) {
	for i, option := range host.SecurityOpt {
		profile, ok := strings.CutPrefix(option, profileOption)
		if !ok {
			continue
		}
		file, err := os.CreateTemp("", "benchcell-seccomp-")
		if err != nil {
			return func() {}, err
		}
		host.SecurityOpt[i] = profileOption + file.Name()
		_, err = file.WriteString(profile)
		return func() { _ = os.Remove(file.Name()) }, errors.Join(err, file.Close())
	}
	return func() {}, nil
}
