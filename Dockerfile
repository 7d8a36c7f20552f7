# The server as an image, FROM scratch: 'make build' first, then
#   docker build -t benchcell .
#   docker run --rm -p 127.0.0.1:8350:8350 -e BENCHCELL_SERVER_TOKEN=… -v benchcell:/data benchcell
# Container isolation needs an engine: state it as DOCKER_HOST. Mounting the
# machine's own engine socket into the server gives the server the machine.
FROM scratch
COPY bin/orchestrator /orchestrator
COPY --chown=65534:65534 runner-image/bin/README.md /data/
USER 65534:65534
ENV BENCHCELL_SERVER_LISTEN=0.0.0.0:8350 BENCHCELL_SERVER_DATA=/data PATH=/
VOLUME /data
EXPOSE 8350
ENTRYPOINT ["/orchestrator"]
CMD ["serve"]
