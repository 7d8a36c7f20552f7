#!/bin/sh
# Runs static test binaries under a kernel with pure cgroup v2, in a throw-away
# machine by software emulation: scripts/cgroup2.sh PACKAGE…
#
# Each package's tests are compiled here and run there as root. The kernel is
# Debian's; nothing of this machine but the binaries is inside. Code is about
# 25 times slower there, so no test may assert a time. RUN=PATTERN runs the tests
# that match alone, SKIP=PATTERN leaves some out, SECONDS_IN_ALL bounds it.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/benchcell
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in qemu-system-x86_64 cpio busybox apt-get; do
	if ! command -v $tool >/dev/null 2>&1; then
		echo "Skipped: the tests under cgroup v2 need $tool."
		[ -z "${BENCHCELL_REQUIRE:-}" ]
		exit
	fi
done

kernel() {
	[ -f "$cache/vmlinuz" ] && return
	mkdir -p "$cache"
	package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
	(cd "$work" && apt-get download -qq "$package" && dpkg -x "$package"_*.deb kernel)
	cp "$work"/kernel/boot/vmlinuz-* "$cache/vmlinuz"
}

root() {
	mkdir -p "$work/root/bin" "$work/root/proc" "$work/root/sys" "$work/root/dev" "$work/root/tmp" "$work/root/tests" "$work/root/programs"
	cp "$(command -v busybox)" "$work/root/bin/busybox"
	for tool in sh sleep cat true mount poweroff ip cp mkdir switch_root; do
		ln -s busybox "$work/root/bin/$tool"
	done
	for package in "$@"; do
		CGO_ENABLED=0 go test -c -o "$work/root/tests/$(echo "$package" | tr / -).test" "./$package"
	done
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$work/root/programs/" ./runner-image/runner ./internal/sandbox/sandboxtest/guest
	cat >"$work/root/init" <<'INIT'
#!/bin/sh
# The root that a kernel is started with can't be changed for another.
if [ "${1:-}" != again ]; then
	mkdir /new && mount -t tmpfs root /new && cp -a /bin /tests /programs /init /new && mkdir /new/proc /new/sys /new/dev /new/tmp
	exec switch_root /new /init again
fi
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t cgroup2 -o nsdelegate,memory_recursiveprot cgroup2 /sys/fs/cgroup
ip link set lo up
export PATH=/bin HOME=/tmp BENCHCELL_REQUIRE=root BENCHCELL_PROGRAMS=/programs
cd /tmp
code=0
for test in /tests/*; do
	echo "== $test"
	chmod 755 /tests /tests/* /; "$test" -test.v -test.run '@RUN@' -test.skip '@SKIP@' || code=1
done
echo "EXIT=$code"
poweroff -f
INIT
	sed -i "s#@RUN@#${RUN:-.}#; s#@SKIP@#${SKIP:-}#" "$work/root/init"
	chmod +x "$work/root/init"
	(cd "$work/root" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/initrd.gz"
}

kernel
root "$@"
timeout "${SECONDS_IN_ALL:-180}" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -M q35 -m 1024 -smp 2 \
	-display none -no-reboot -nodefaults -serial stdio -kernel "$cache/vmlinuz" -initrd "$work/initrd.gz" \
	-append "console=ttyS0 panic=-1 quiet psi=1 no_timer_check" </dev/null | tr -d '\r' | tee "$work/output" | grep -vE '^ *(=== |--- PASS)' || true
[ "$(sed -n 's/^EXIT=//p' "$work/output" | tail -n 1)" = 0 ]
