// Package container runs a benchmark in a throw-away container: PID 1 is our
// runner, there is no network, no host file and no privilege, and memory, CPU,
// processes, disk and output are bounded by the kernel. It shares the host's
// kernel unless the engine has another runtime.
//
// This file is the only one that knows the engine's client.
package container

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"benchcell/internal/sandbox"
)

// minAPI is the API of Engine 20.10, the oldest that is tried.
const minAPI = "1.41"

// idle is how long a connection to an engine is kept that nobody uses: a server at
// rest has none but that for its events.
const idle = 5 * time.Second

// patience is how long an engine is waited for that should answer at once. One that
// hangs would keep a run, and all that wait behind it, for ever.
const patience = 20 * time.Second

// errSilent is met where an engine gives no answer.
var errSilent = fmt.Errorf("the engine does not answer: %w", context.DeadlineExceeded)

// engine speaks to a Docker engine, or to Podman's socket of the same kind.
type engine struct {
	client   *client.Client
	patience time.Duration

	mu    sync.Mutex
	known *engineInfo // as told at since
	since time.Time

	agreeing sync.Mutex
	agreed   bool // on the version of the API
}

// engineInfo is what a Probe and a boundary need to know of an engine.
type engineInfo struct {
	Version  string
	Arch     string // in Go's name
	Runtimes map[string]bool
	Rootless bool
	CPUs     int
	Memory   int64
	Seccomp  bool
	Podman   bool
	Systemd  bool // keeps the control groups
}

func newEngine() (*engine, error) {
	own := &http.Client{Transport: &http.Transport{MaxIdleConns: 6, IdleConnTimeout: idle}, CheckRedirect: client.CheckRedirect}
	c, err := client.NewClientWithOpts(client.WithHTTPClient(own), client.WithHost(client.DefaultDockerHost), client.FromEnv)
	if err != nil {
		return nil, fmt.Errorf("the settings of the engine's client (DOCKER_HOST) are wrong: %w", err)
	}
	return &engine{client: c, patience: patience}, nil
}

// ask has an engine answer within a time.
func ask[T any](ctx context.Context, within time.Duration, do func(context.Context) (T, error)) (T, error) {
	asking, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answer, err := do(asking)
	if err != nil && asking.Err() != nil && ctx.Err() == nil {
		err = errSilent
	}
	return answer, err
}

// api is the client, once both sides have agreed on a version. Left to itself it
// would do so in the middle of the first calls, which race with one another.
func (e *engine) api(ctx context.Context) *client.Client {
	e.agreeing.Lock()
	defer e.agreeing.Unlock()
	if e.agreed {
		return e.client
	}
	if ping, err := ask(ctx, e.patience, e.client.Ping); err == nil {
		e.client.NegotiateAPIVersionPing(ping)
		e.agreed = true
	}
	return e.client // the call that follows tells why not
}

// info asks the engine. The error names what mends it.
func (e *engine) info(ctx context.Context) (*engineInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	i, err := e.api(ctx).Info(ctx)
	if err != nil {
		return nil, e.unreachable(err)
	}
	if v := e.client.ClientVersion(); olderThan(v, minAPI) {
		return nil, sandbox.Unavailable("install Docker Engine 20.10 or newer",
			"the engine %s speaks API %s, and %s is needed", i.ServerVersion, v, minAPI)
	}
	version, err := e.api(ctx).ServerVersion(ctx)
	if err != nil {
		return nil, e.unreachable(err)
	}
	info := &engineInfo{
		Podman: isPodman(version), Version: i.ServerVersion, Arch: goArch(i.Architecture), Runtimes: map[string]bool{},
		CPUs: i.NCPU, Memory: i.MemTotal, Systemd: i.CgroupDriver == "systemd",
	}
	for name := range i.Runtimes {
		info.Runtimes[name] = true
	}
	for _, option := range i.SecurityOptions {
		info.Rootless = info.Rootless || strings.Contains(option, "rootless")
		info.Seccomp = info.Seccomp || strings.Contains(option, "seccomp")
	}
	return info, nil
}

// recentInfo is info not older than a minute: an engine takes milliseconds to
// tell it.
func (e *engine) recentInfo(ctx context.Context) (*engineInfo, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known != nil && time.Since(e.since) < time.Minute {
		return e.known, nil
	}
	info, err := e.info(ctx)
	if err == nil {
		e.known, e.since = info, time.Now()
	}
	return info, err
}

// gone says whether an error means that no engine answers.
func (*engine) gone(err error) bool {
	return client.IsErrConnectionFailed(err) || errors.Is(err, errSilent)
}

func (e *engine) unreachable(err error) error {
	host := e.client.DaemonHost()
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return sandbox.Unavailable("see whether it is overloaded", "the container engine at %s does not answer", host)
	case strings.Contains(err.Error(), "permission denied"):
		return sandbox.Unavailable("add this user to the group docker, or use the rootless engine ('dockerd-rootless-setuptool.sh install')",
			"this user may not use the container engine at %s", host)
	case e.gone(err):
		return sandbox.Unavailable("start it ('systemctl start docker'), or state another one in DOCKER_HOST",
			"no container engine answers at %s", host)
	}
	return sandbox.Unavailable("", "the container engine at %s: %w", host, err)
}

// olderThan compares versions of the engine's API, like "1.41".
func olderThan(a, b string) bool {
	var majorA, minorA, majorB, minorB int
	_, errA := fmt.Sscanf(a, "%d.%d", &majorA, &minorA)
	_, errB := fmt.Sscanf(b, "%d.%d", &majorB, &minorB)
	return errA == nil && errB == nil && (majorA < majorB || (majorA == majorB && minorA < minorB))
}

// goArch is the engine's name of an architecture in Go's.
func goArch(arch string) string {
	switch arch {
	case "x86_64":
		return "amd64"
	case "aarch64":
		return "arm64"
	}
	return arch
}

// imageInfo is an image that the engine has.
type imageInfo struct {
	ID   string
	Arch string
}

// image looks an image up; nil without error if the engine does not have it.
func (e *engine) image(ctx context.Context, ref string) (*imageInfo, error) {
	i, err := ask(ctx, e.patience, func(ctx context.Context) (image.InspectResponse, error) {
		return e.api(ctx).ImageInspect(ctx, ref)
	})
	if cerrdefs.IsNotFound(err) {
		return nil, nil //nolint:nilnil // absent is an answer
	}
	if err != nil {
		return nil, err
	}
	return &imageInfo{i.ID, i.Architecture}, nil
}

// importImage makes an image of the files in a tar: no builder, no registry.
func (e *engine) importImage(ctx context.Context, tar io.Reader, ref, arch string) error {
	progress, err := e.api(ctx).ImageImport(ctx, image.ImportSource{Source: tar, SourceName: "-"}, ref,
		image.ImportOptions{Platform: "linux/" + arch})
	if err != nil {
		return err
	}
	defer progress.Close()
	_, err = io.Copy(io.Discard, progress)
	return err
}

// pull fetches an image from its registry.
func (e *engine) pull(ctx context.Context, ref string) error {
	progress, err := e.api(ctx).ImagePull(ctx, ref, image.PullOptions{})
	if err != nil {
		return err
	}
	defer progress.Close()
	_, err = io.Copy(io.Discard, progress)
	return err
}

// derive makes an image of another one with the files of a tar on top: a
// container that is never started takes them.
func (e *engine) derive(ctx context.Context, base, ref string, tar io.Reader, labels map[string]string) error {
	made, err := e.create(ctx, &container.Config{Image: base, Entrypoint: []string{"/"}, Labels: labels}, &container.HostConfig{})
	if err != nil {
		return err
	}
	defer func() { _ = e.remove(context.WithoutCancel(ctx), made) }()
	if err := e.api(ctx).CopyToContainer(ctx, made, "/", tar, container.CopyToContainerOptions{}); err != nil {
		return err
	}
	_, err = e.api(ctx).ContainerCommit(ctx, made, container.CommitOptions{Reference: ref})
	return err
}

// create makes a container. A caller that is told to stop still waits for the
// answer: without the name of what was made nobody could remove it.
func (e *engine) create(ctx context.Context, config *container.Config, host *container.HostConfig) (string, error) {
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	made, err := unhurried(ctx, func(ctx context.Context) (container.CreateResponse, error) {
		return e.api(ctx).ContainerCreate(ctx, config, host, nil, nil, "")
	})
	return made.ID, err
}

// unhurried is for what the engine ends once it has begun, whoever goes away.
func unhurried[T any](ctx context.Context, do func(context.Context) (T, error)) (T, error) {
	return ask(context.WithoutCancel(ctx), time.Minute, do)
}

// attach joins the streams of PID 1: what is written goes to its standard
// input, what is read comes from its standard output.
func (e *engine) attach(ctx context.Context, id string) (net.Conn, error) {
	type answer struct {
		types.HijackedResponse
		err error
	}
	answers := make(chan answer)
	return ask(ctx, e.patience, func(asking context.Context) (net.Conn, error) {
		go func() { // the client heeds no context here
			a := answer{}
			a.HijackedResponse, a.err = e.api(asking).ContainerAttach(ctx, id, container.AttachOptions{Stream: true, Stdin: true, Stdout: true, Stderr: true})
			select {
			case answers <- a:
			case <-asking.Done():
				if a.err == nil {
					a.Close()
				}
			}
		}()
		select {
		case a := <-answers:
			if a.err != nil {
				return nil, a.err
			}
			return newStream(a.HijackedResponse), nil
		case <-asking.Done():
			return nil, asking.Err()
		}
	})
}

// start waits for the answer too: a container that is removed while the engine
// starts it may stay.
func (e *engine) start(ctx context.Context, id string) error {
	_, err := unhurried(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, e.api(ctx).ContainerStart(ctx, id, container.StartOptions{})
	})
	return err
}

// update puts other limits in force on a started container.
func (e *engine) update(ctx context.Context, id string, r container.Resources) error {
	_, err := ask(ctx, e.patience, func(ctx context.Context) (container.UpdateResponse, error) {
		return e.api(ctx).ContainerUpdate(ctx, id, container.UpdateConfig{Resources: r})
	})
	return err
}

// remove ends a container and returns when it is gone. One that is gone already
// is no error. Podman refuses while it clears up by itself, so a refusal is not
// taken at once.
func (e *engine) remove(ctx context.Context, id string) (err error) {
	const tries, pause = 5, 100 * time.Millisecond
	for range tries {
		_, err = ask(ctx, e.patience, func(ctx context.Context) (struct{}, error) { return struct{}{}, e.removeOnce(ctx, id) })
		if err == nil || e.gone(err) || ctx.Err() != nil {
			return err
		}
		time.Sleep(pause)
	}
	return err
}

func (e *engine) removeOnce(ctx context.Context, id string) error {
	err := e.api(ctx).ContainerRemove(ctx, id, container.RemoveOptions{Force: true, RemoveVolumes: true})
	if cerrdefs.IsConflict(err) { // AutoRemove is at it
		gone, failed := e.api(ctx).ContainerWait(ctx, id, container.WaitConditionRemoved)
		select {
		case <-gone:
			return nil
		case err = <-failed:
		}
	}
	if cerrdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// pid is PID 1 of the container in the engine's own eyes.
func (e *engine) pid(ctx context.Context, id string) (int, error) {
	i, err := ask(ctx, e.patience, func(ctx context.Context) (container.InspectResponse, error) {
		return e.api(ctx).ContainerInspect(ctx, id)
	})
	if err != nil || i.State == nil {
		return 0, err
	}
	return i.State.Pid, nil
}

// list finds containers by a label.
func (e *engine) list(ctx context.Context, label string) ([]string, error) {
	found, err := ask(ctx, e.patience, func(ctx context.Context) ([]container.Summary, error) {
		return e.api(ctx).ContainerList(ctx, container.ListOptions{All: true, Filters: filters.NewArgs(filters.Arg("label", label))})
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, c := range found {
		ids[i] = c.ID
	}
	return ids, nil
}

// oomEvents tells of containers with a label whose memory ran out, until ctx
// ends or the engine goes.
func (e *engine) oomEvents(ctx context.Context, label string, told func(id string)) error {
	messages, errs := e.api(ctx).Events(ctx, events.ListOptions{Filters: filters.NewArgs(
		filters.Arg("type", "container"), filters.Arg("event", "oom"), filters.Arg("label", label))})
	for {
		select {
		case m := <-messages:
			told(m.Actor.ID)
		case err := <-errs:
			return err
		}
	}
}
