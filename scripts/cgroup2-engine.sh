#!/bin/sh
# Runs benchmarks in containers under a kernel with pure cgroup v2, in a
# throw-away machine by software emulation: scripts/cgroup2-engine.sh
#
# The kernel is the one that scripts/cgroup2.sh has fetched, the engine is this
# machine's, copied with its libraries. Code is about 25 times slower there, so
# nothing that has to do with time is looked at.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/benchcell
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in qemu-system-x86_64 cpio busybox dockerd containerd containerd-shim-runc-v2 runc; do
	if ! command -v $tool >/dev/null 2>&1; then
		echo "Skipped: containers under cgroup v2 need $tool."
		[ -z "${BENCHCELL_REQUIRE:-}" ]
		exit
	fi
done
[ -f "$cache/vmlinuz" ] || scripts/cgroup2.sh internal/sandbox/cgroup

# copy brings a program and the libraries that it asks for.
copy() {
	for file in "$1" $(ldd "$1" 2>/dev/null | grep -o '/[^ )]*'); do
		mkdir -p "$root$(dirname "$file")"
		cp -L -n "$file" "$root$file"
	done
}

root=$work/root
for folder in proc sys dev tmp run etc var/lib new; do mkdir -p "$root/$folder"; done
for tool in busybox dockerd containerd containerd-shim-runc-v2 runc; do copy "$(command -v $tool)"; done
busybox=$(command -v busybox)
mkdir -p "$root/bin"
for tool in sh sleep cat mount poweroff ip mkdir cp switch_root; do
	[ -e "$root/bin/$tool" ] || ln -s "$busybox" "$root/bin/$tool"
done
echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
CGO_ENABLED=0 go test -c -o "$root/container.test" ./internal/sandbox/container
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$root/programs/" ./runner-image/runner ./runner-image/bench-builtin ./internal/sandbox/sandboxtest/guest
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$root/orchestrator" ./cmd/orchestrator

# A container's root can't be pivoted to out of an initramfs: the tree moves to a
# tmpfs first.
cat >"$root/init" <<'INIT'
#!/bin/sh
mount -t tmpfs -o size=80% root /new
for name in bin sbin usr lib lib64 etc var programs container.test orchestrator stage; do
	[ -e /$name ] && cp -a /$name /new/
done
mkdir -p /new/proc /new/sys /new/dev /new/tmp /new/run
exec switch_root /new /stage
INIT
cat >"$root/stage" <<'STAGE'
#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t cgroup2 -o nsdelegate,memory_recursiveprot cgroup2 /sys/fs/cgroup
ip link set lo up
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/tmp DOCKER_TMPDIR=/tmp NO_COLOR=1 BENCHCELL_REQUIRE=docker,root
dockerd --storage-driver=vfs --bridge=none --iptables=false --ip6tables=false --ip-forward=false >/tmp/log 2>&1 &
cd /tmp
for i in $(busybox seq 120); do
	/orchestrator doctor --json | busybox grep -q '"mechanism": "engine ' && break
	sleep 1
done
code=0
/orchestrator run --isolation container --iterations 2 --data /tmp/data sha-256-of-8-mib gzip-2-mib-of-text || code=1
BENCHCELL_PROGRAMS=/programs /container.test -test.v \
	-test.run 'TestConformance$/Limits/(file_size|memory|processes|receipt)|TestConformance$/Figures/^memory$' || code=1
[ $code = 0 ] || busybox tail -n 10 /tmp/log
echo "EXIT=$code"
poweroff -f
STAGE
chmod +x "$root/init" "$root/stage"
(cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/initrd.gz"

timeout 900 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -M q35 -m 3072 -smp 2 \
	-display none -no-reboot -nodefaults -serial stdio -kernel "$cache/vmlinuz" -initrd "$work/initrd.gz" \
	-append "console=ttyS0 panic=-1 quiet psi=1" </dev/null | tr -d '\r' | tee "$work/output" | grep -vE '^ *=== ' || true
[ "$(sed -n 's/^EXIT=//p' "$work/output" | tail -n 1)" = 0 ]
