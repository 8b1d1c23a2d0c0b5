# syntax=docker/dockerfile:1
# The service as an image: one bundle, no package manager, no shell, not root. See docs/deploy-cloud-run.md and compose.yaml.

FROM node:24-bookworm-slim AS build
ARG TARGETARCH=amd64
WORKDIR /build
COPY package.json package-lock.json .npmrc LICENSE tsconfig.base.json tsconfig.build.json tsconfig.json ./
COPY examples/package.json examples/package.json
COPY packages packages
COPY scripts scripts
# No package gets to run code of its own at its installation.
RUN npm ci --ignore-scripts
RUN case "$TARGETARCH" in arm64) platform=linux-arm64-gnu ;; *) platform=linux-x64-gnu ;; esac \
  && npm run bundle -- --libsql "$platform" \
  && mkdir /data

FROM gcr.io/distroless/nodejs24-debian12:nonroot
ENV NODE_ENV=production \
  NODE_OPTIONS=--enable-source-maps \
  LOFT_SYNC_CONFIG=/config/loft-sync.config.json \
  STORE_URL=sqlite:/data/loft-sync.db
WORKDIR /app
COPY --from=build /build/dist-bundle /app
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/nodejs/bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "/app/loft-sync.js"]
CMD ["serve"]
