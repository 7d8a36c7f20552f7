#!/bin/sh
# Serves by deploy/benchcell.service, under systemd, in a throw-away machine by
# software emulation: scripts/systemd.sh
#
# What the unit hardens and what benchcell needs meet nowhere else. The kernel is
# the one that scripts/cgroup2.sh has fetched, the rest is Debian's packages. Code is
# about 25 times slower there, so nothing that has to do with time is looked at.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/benchcell
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in qemu-system-x86_64 cpio busybox mmdebstrap; do
	if [ "$(id -u)" != 0 ] || ! command -v $tool >/dev/null 2>&1; then
		echo "Skipped: the unit under systemd needs root and $tool."
		[ -z "${BENCHCELL_REQUIRE:-}" ]
		exit
	fi
done
[ -f "$cache/vmlinuz" ] || scripts/cgroup2.sh internal/sandbox/cgroup
if [ ! -f "$cache/systemd.tar" ]; then
	mmdebstrap --quiet --variant=minbase --include=systemd-sysv bookworm "$work/systemd.tar" >/dev/null
	mv "$work/systemd.tar" "$cache/systemd.tar"
fi

root=$work/root
mkdir "$root"
tar -C "$root" -xf "$cache/systemd.tar" --exclude='./dev/*' --exclude='./usr/share/*' --exclude='./var/cache/*' --exclude='./var/lib/apt/*'
cp "$(command -v busybox)" "$root/bin/busybox"
mkdir "$root/given"
cp deploy/benchcell.service "$root/given"
sed 's/^timeout = "10s"/timeout = "2m"/; s/^cpus = 1.0/cpus = 2.0/' config.toml >"$root/given/config.toml"
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$root/given/orchestrator" ./cmd/orchestrator

# A sandbox's root can't be pivoted to out of an initramfs: the tree moves to a tmpfs
# first.
cat >"$root/init" <<'INIT'
#!/bin/busybox sh
busybox=/bin/busybox
$busybox mount -t tmpfs -o size=80% root /mnt
for name in bin sbin usr lib lib64 etc var given; do $busybox cp -a /$name /mnt/; done
for name in proc sys dev tmp run root home mnt; do $busybox mkdir -p /mnt/$name; done
$busybox chmod 1777 /mnt/tmp
exec $busybox switch_root /mnt /sbin/init
INIT
cat >"$root/etc/systemd/system/try.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/given/try
TimeoutStartSec=infinity
UNIT
cat >"$root/given/try" <<'TRY'
#!/bin/sh
exec >/dev/console 2>&1
export NO_COLOR=1
cd /given
# As the unit says.
useradd --system --home-dir /var/lib/benchcell --shell /usr/sbin/nologin benchcell
install orchestrator /usr/local/bin/ && install -D -m 600 -o benchcell config.toml /etc/benchcell/config.toml
install -m 644 benchcell.service /etc/systemd/system/ && systemctl daemon-reload && systemctl enable --now benchcell
for i in $(seq 60); do
	busybox wget -q -O /dev/null http://127.0.0.1:8350/readyz 2>/dev/null && break
	sleep 1
done
code=0
echo "== a trusted process"
orchestrator run --data /var/lib/benchcell --isolation process --iterations 2 sha-256-of-8-mib >/tmp/said 2>&1 || code=1
cat /tmp/said
grep -q 'Isolated process' /tmp/said || code=1
echo "== a stranger's process"
busybox wget -q -O /tmp/run --header 'Content-Type: application/json' --post-data \
	'{"isolation":"process","definition":{"name":"x","iterations":2,"command":["true"]}}' 'http://127.0.0.1:8350/api/v1/runs?wait=300'
grep -q '"verdict":"ok"' /tmp/run && grep -q '"mechanism":"cgroup memory.max"' /tmp/run || { code=1; cat /tmp/run; }
systemctl stop benchcell || code=1
systemctl is-failed --quiet benchcell && code=1
[ $code = 0 ] || journalctl --no-pager -u benchcell | tail -n 20
echo "EXIT=$code"
systemctl poweroff --force --force
TRY
chmod +x "$root/init" "$root/given/try"
ln -s /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
mkdir -p "$root/etc/systemd/system/default.target.wants"
ln -s ../try.service "$root/etc/systemd/system/default.target.wants/try.service"
(cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/initrd.gz"

timeout 600 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -M q35 -m 2048 -smp 2 \
	-display none -no-reboot -nodefaults -serial stdio -kernel "$cache/vmlinuz" -initrd "$work/initrd.gz" \
	-append "console=ttyS0 panic=-1 quiet psi=1 no_timer_check systemd.show_status=0" </dev/null | tr -d '\r' | tee "$work/output"
[ "$(sed -n 's/^EXIT=//p' "$work/output" | tail -n 1)" = 0 ]
