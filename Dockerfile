# The server as an image, FROM scratch: 'make build' first, then
#   docker build -t benchcell .
#   docker run --rm --read-only --cap-drop ALL --security-opt no-new-privileges \
#     -v /run/lock:/run/lock -p 127.0.0.1:8350:8350 -v benchcell:/data -e BENCHCELL_SERVER_TOKEN=… \
#     -e BENCHCELL_SERVER_TRUSTED_PROXIES=172.17.0.1 benchcell
# In there it listens for others, so that it wants a token, and TLS or a proxy that
# encrypts: 172.17.0.1 is the engine itself, which hands on what comes to
# 127.0.0.1:8350 of this machine. In /run/lock is the lock by which all who measure
# on one machine take turns. deploy/compose.yaml shows TLS, and an engine for
# container isolation; it says what mounting an engine's socket means.
FROM scratch
COPY bin/orchestrator /orchestrator
COPY --chown=65534:65534 runner-image/bin/README.md /data/
USER 65534:65534
ENV BENCHCELL_SERVER_LISTEN=0.0.0.0:8350 BENCHCELL_SERVER_DATA=/data TMPDIR=/data PATH=/
VOLUME /data
EXPOSE 8350
ENTRYPOINT ["/orchestrator"]
CMD ["serve"]
