# Of scripts that run a container engine of their own: sourced, once $folder has
# all that is the engine's, $service is its process, and DOCKER_HOST names it.

finish() {
	kill "$service" 2>/dev/null && wait "$service" || true
	awk -v folder="$folder/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | tac | xargs -r umount -l
	rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

for _ in $(seq 300); do
	docker version >/dev/null 2>&1 && break
	kill -0 "$service" 2>/dev/null || break
	sleep 0.1
done
if ! docker version >/dev/null 2>&1; then
	echo "The engine did not come up:" >&2
	tail -n 20 "$folder/log" >&2
	exit 1
fi
