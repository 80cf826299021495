# One image for every role: the binary and nothing else. The command chooses the roles, for example
# `docker run switchboard:0.1.0 serve --roles call --config /etc/switchboard/config.toml`.
#
# bin/image-check links the same binary and runs it in an empty root, without a container engine.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# `crt-static` reaches only the last link, where it chooses the static C library; build scripts and
# procedural macros stay dynamic, as they must.
RUN cargo rustc --release --locked --package switchboard --bin switchboard -- -C target-feature=+crt-static

FROM scratch
COPY --from=build /src/target/release/switchboard /switchboard
# Numeric, because an empty root has no names of users.
USER 65532:65532
# 50051 gRPC and gRPC-Web, 9464 metrics.
EXPOSE 50051 9464
# There is no shell in here: the binary asks itself. Kubernetes uses its own gRPC probes instead.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["/switchboard", "health", "--address", "http://127.0.0.1:50051"]
ENTRYPOINT ["/switchboard"]
CMD ["serve"]
