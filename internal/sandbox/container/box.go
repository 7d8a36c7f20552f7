package container

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/strslice"
	"github.com/docker/go-units"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/seccomp"
	"benchcell/internal/sandbox/weaken"
)

// Fixed bounds of every container.
const (
	user    = "65534:65534"
	shmSize = 8 << 20
	inodes  = 16384 // of each tmpfs
)

// box is one started container whose runner waits for a job.
type box struct {
	id      string
	image   string // that it was started from
	stream  net.Conn
	conn    *runner.Conn
	group   *cgroup.Group // nil where its files are not at hand
	pid     int           // of its runner, where the group is
	remote  *cgroup.Remote
	inForce cgroup.Effective
	view    *runner.View  // from inside
	oom     atomic.Bool   // the engine told of it
	totals  cgroup.Totals // before the session
}

// make starts a container and waits until its runner greets. It is the cost
// that a warm one has paid already.
func (b *Backend) make(ctx context.Context, k kind) (*box, error) {
	info, err := b.engine.recentInfo(ctx)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(hasRuntime(info, k.runtime), fits(k.limits, info)); err != nil {
		return nil, err
	}
	image, err := b.images.prepare(ctx, k.image, info.Arch)
	if err != nil {
		return nil, err
	}
	config, host, err := b.describe(image, k, info)
	if err != nil {
		return nil, err
	}
	if info.Podman {
		remove, err := profileInFile(host)
		defer remove()
		if err != nil {
			return nil, err
		}
	}
	x := &box{image: image}
	if err := b.create(ctx, x, config, host); err != nil {
		return nil, fmt.Errorf("create: %w", err)
	}
	err = x.start(ctx, b.engine)
	if err == nil {
		err = x.observe(ctx, b.engine, k.limits, b.config.ReadInside)
	}
	if err != nil {
		b.destroy(x)
		return nil, err
	}
	return x, nil
}

// create makes the container and remembers it as ours: whatever else bears our
// label is a leftover.
func (b *Backend) create(ctx context.Context, x *box, config *container.Config, host *container.HostConfig) (err error) {
	b.making.RLock()
	defer b.making.RUnlock()
	if x.id, err = b.engine.create(ctx, config, host); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.live[x.id] = x
	return nil
}

// fewestPids is how many processes and threads a container must allow for, beside
// its runner's: so many has the program that looks around in it before the run.
const fewestPids = 4

// fits refuses what the engine would take without being able to give.
func fits(l bench.Limits, info *engineInfo) error {
	if info.Memory > 0 && l.Memory > info.Memory {
		return sandbox.Unavailable("lower limits.memory", "limits.memory is %d bytes and the engine's machine has %d", l.Memory, info.Memory)
	}
	if info.CPUs > 0 && l.CPUs > float64(info.CPUs) {
		return sandbox.Unavailable("lower limits.cpus", "limits.cpus is %g and the engine's machine has %d", l.CPUs, info.CPUs)
	}
	if l.Pids < fewestPids {
		return sandbox.Unavailable("raise limits.pids, or use process isolation", "limits.pids is %d and a container needs %d", l.Pids, fewestPids)
	}
	return nil
}

// describe says what the container is: everything that keeps it apart.
func (b *Backend) describe(image string, k kind, info *engineInfo) (*container.Config, *container.HostConfig, error) {
	profile, err := seccomp.Profile(info.Arch)
	if err != nil {
		return nil, nil, err
	}
	security := []string{"no-new-privileges"}
	if info.Seccomp {
		security = append(security, profileOption+profile)
	}
	config := &container.Config{
		Image: image, Entrypoint: strslice.StrSlice{runnerPath}, Cmd: strslice.StrSlice{},
		// One thread runs Go code, no signal preempts it; the rest of the image's environment stays out.
		Env:  append([]string{"GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1"}, weaken.Env()...),
		User: user, WorkingDir: "/work", Hostname: "benchcell",
		OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true,
		// Without its network part the engine starts 100 ms sooner. The kernel of
		// another runtime has no loopback then: it takes over what the engine set up.
		NetworkDisabled: k.runtime == "",
		// The runner heeds no signal: an engine that stops would wait for it.
		StopSignal: "SIGKILL",
		Labels: map[string]string{
			ownerLabel: b.config.Owner, "benchcell.serial": strconv.FormatInt(b.serial.Add(1), 10),
		},
		Healthcheck: &container.HealthConfig{Test: []string{"NONE"}},
	}
	host := &container.HostConfig{
		NetworkMode: "none", ReadonlyRootfs: true, CapDrop: strslice.StrSlice{"ALL"}, SecurityOpt: security,
		IpcMode: "private", CgroupnsMode: "private", ShmSize: shmSize,
		LogConfig: container.LogConfig{Type: "none"}, AutoRemove: true, Runtime: k.runtime,
		Tmpfs: map[string]string{
			"/work": tmpfs(runner.Loosen(k.limits).Disk, info), "/tmp": tmpfs(runner.Loosen(k.limits).Disk, info),
		},
		Resources: resources(k.limits),
	}
	host.CgroupParent = parentGroup(b.config.CgroupParent, info)
	host.Ulimits = []*units.Ulimit{
		{Name: "nofile", Soft: runner.OpenFiles, Hard: runner.OpenFiles},
		{Name: "fsize", Soft: k.limits.Disk, Hard: k.limits.Disk},
		{Name: "core", Soft: 0, Hard: 0},
	}
	loosen(config, host)
	return config, host, nil
}

// parentGroup names the group to make containers below as the engine takes it:
// where systemd keeps the groups it has to be a slice.
func parentGroup(path string, info *engineInfo) string {
	if path == "" || !info.Systemd {
		return path
	}
	return cgroup.Slice(path)
}

// resources are the limits in the engine's terms, by way of the specification's.
func resources(l bench.Limits) container.Resources {
	r := cgroup.Resources(runner.Loosen(l))
	pids := *r.Pids.Limit
	return container.Resources{
		Memory: *r.Memory.Limit, MemorySwap: *r.Memory.Swap,
		CPUQuota: *r.CPU.Quota, CPUPeriod: int64(*r.CPU.Period), //nolint:gosec // 100,000
		PidsLimit: &pids,
	}
}

// tmpfs: programs may be executed there, which the engine would forbid.
func tmpfs(size int64, info *engineInfo) string {
	if info.Podman { // knows no owner and no number of inodes: their memory is bounded
		return fmt.Sprintf("rw,exec,nosuid,nodev,notmpcopyup,size=%d,mode=1777", size)
	}
	return fmt.Sprintf("rw,exec,nosuid,nodev,size=%d,nr_inodes=%d,mode=0700,uid=65534,gid=65534", size, inodes)
}

func (x *box) start(ctx context.Context, e *engine) (err error) {
	if x.stream, err = e.attach(ctx, x.id); err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	if err := e.start(ctx, x.id); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	x.conn, err = runner.Greet(ctx, x.stream)
	return err
}

// observe finds the control group and reads the limits back: from outside where
// the files are at hand, otherwise through the runner.
func (x *box) observe(ctx context.Context, e *engine, limits bench.Limits, inside bool) error {
	pid, err := e.pid(ctx, x.id)
	if err != nil {
		return err
	}
	if !inside {
		x.group, _ = cgroup.Observe(pid, x.id) // its files may not be at hand
	}
	if x.group == nil {
		x.remote = cgroup.NewRemote(x.conn.ReadInside)
	}
	if err := x.readBack(ctx, limits); err != nil {
		return err
	}
	if x.group != nil {
		x.pid = pid
		x.group.ResetPeak()
		if err := x.shorten(ctx, pid); err != nil {
			return err
		}
	}
	if x.view, err = x.conn.Look(ctx, runnerPath, limits.Disk); err != nil {
		return err
	}
	x.totals, err = x.readTotals(ctx)
	x.totals.PidsPeak = nil // of the runner, and not of somebody else's program
	return err
}

// clear makes the container what it was before its session.
func (x *box) clear() (err error) {
	ctx := context.Background()
	if err := (&runner.Work{Conn: x.conn}).Clear(ctx); err != nil {
		return err
	}
	x.totals, err = x.readTotals(ctx)
	return err
}

// shorten has the conversation go straight to PID 1 instead of through engine
// and shim, where the server may: it is root on the engine's machine. No program
// has run in the container yet that could have laid a trap.
func (x *box) shorten(ctx context.Context, pid int) error {
	_, err := x.conn.Move(ctx, func(fd int, token string) (net.Conn, error) {
		return runner.TakeSocket(pid, fd, token)
	})
	return err
}

// destroy ends the container. Its runner leaves when its stream ends, and the
// engine removes it then; whatever is left after that is removed here.
func (b *Backend) destroy(x *box) {
	if x.conn != nil {
		_ = x.conn.Close()
	}
	if x.stream != nil {
		_ = x.stream.Close()
	}
	if x.group != nil {
		x.group.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := b.engine.remove(ctx, x.id); err != nil {
		b.config.Log.Warn("could not remove a container; it is swept later", "container", fmt.Sprintf("%.12s", x.id), "error", err)
	}
	b.forget(x)
}

// counters reads the figures of the container's group.
func (x *box) counters(ctx context.Context) (cgroup.Counters, error) {
	if x.group != nil {
		return x.group.Counters(), nil
	}
	return x.remote.Counters(ctx)
}

// readTotals reads the totals of the container's group.
func (x *box) readTotals(ctx context.Context) (cgroup.Totals, error) {
	if x.group != nil {
		return x.group.Totals(), nil
	}
	return x.remote.Totals(ctx)
}

// allowed are the processors that the runner may use.
func (x *box) allowed(ctx context.Context) string {
	if x.group != nil {
		return runner.Allowed(x.pid)
	}
	return x.conn.Allowed(ctx)
}

// setLimits puts other limits in force and reads them back.
func (x *box) setLimits(ctx context.Context, e *engine, limits bench.Limits) error {
	if err := e.update(ctx, x.id, resources(limits)); err != nil {
		return fmt.Errorf("set limits: %w", err)
	}
	if err := x.readBack(ctx, limits); err != nil {
		return err
	}
	return x.verifyLimits(limits)
}

// readBack reads the limits that are in force, once those are that no engine knows.
func (x *box) readBack(ctx context.Context, limits bench.Limits) (err error) {
	if x.group == nil {
		x.inForce, err = x.remote.ReadBack(ctx)
		return err
	}
	x.group.BoundSockets(runner.Loosen(limits).Memory)
	x.inForce = x.group.ReadBack()
	return nil
}

// verifyLimits compares the limits in force with those that were asked for.
func (x *box) verifyLimits(want bench.Limits) error {
	var errs []error
	for _, r := range x.inForce.Receipt(want) {
		// A kernel that does not account for swap says nothing of it.
		if r.Effective == nil && r.Limit != cgroup.LimitSwap && !weaken.Off(r.Limit) {
			errs = append(errs, fmt.Errorf("limit %s is not in force as asked for", r.Limit))
		}
	}
	return notAsAsked(errors.Join(errs...))
}

func notAsAsked(err error) error {
	if err == nil {
		return nil
	}
	return sandbox.Unavailable("see 'orchestrator doctor'; on cgroup v2 the engine's user needs the controllers delegated",
		"the container is not what it should be: %w", err)
}

// watchEngine sweeps whenever the engine comes, and then listens to it: it is
// the only witness when the kernel takes PID 1 itself.
func (b *Backend) watchEngine(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.sweep(ctx); err != nil && ctx.Err() == nil {
			b.config.Log.Debug("could not sweep containers", "error", err)
		}
		_ = b.engine.oomEvents(ctx, b.label(), func(id string) {
			if x := b.tracked(id); x != nil {
				x.oom.Store(true)
			}
		})
		select {
		case <-ctx.Done():
		case <-time.After(time.Second): // the engine went; it may come back
		}
	}
}
