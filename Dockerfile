# One image for all processes; docker-compose.yml says which one a container runs.

# Of the repository only what the apps need: first what decides about dependencies (out/json), then the rest (out/full).
FROM node:24-bookworm-slim AS prune
ENV TURBO_TELEMETRY_DISABLED=1
WORKDIR /repo
COPY . .
# With turbo as the lock file has it, checksum included.
RUN npm ci --ignore-scripts --no-audit --no-fund && npx turbo prune --docker \
  @inventory/worker @inventory/producer @inventory/exporter @inventory/board @inventory/cli @inventory/sandbox

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY --from=prune /repo/out/json/ ./
# Types, source maps and descriptions are for people who write programs; licences stay. So is TypeScript, which npm leaves
# here because a library of ours could use it.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force \
  && rm -rf node_modules/typescript node_modules/@typescript && find node_modules -type f \
  \( -name '*.ts' -o -name '*.cts' -o -name '*.mts' -o -name '*.map' -o -iname 'readme*' -o -iname 'changelog*' \) -delete

FROM node:24-bookworm-slim AS build
ENV TURBO_TELEMETRY_DISABLED=1
WORKDIR /app
COPY --from=prune /repo/out/json/ ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY --from=prune /repo/out/full/ ./
COPY tsconfig.json ./
RUN npx turbo run build --output-logs=errors-only \
  && find apps packages \( -name node_modules -o -name src -o -name testing -o -name .turbo \) -prune -exec rm -rf {} + \
  && find apps packages -type f \( -name '*.map' -o -name '*.d.ts' -o -name '.tsbuildinfo' -o -name tsconfig.json \) -delete

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="usertesting-inventory" \
  org.opencontainers.image.description="Finds out what every test in a UserTesting account is" \
  org.opencontainers.image.licenses="MIT"
# Settings come from the environment only. What a process writes beside the state files is in /tmp.
ENV NODE_ENV=production ENV_FILE=none STATE_DIR=/app/state DATA_DIR=/tmp/data NODE_COMPILE_CACHE=/tmp/compiled
WORKDIR /app
COPY --from=dependencies /app/ ./
COPY --from=build /app/apps ./apps
COPY --from=build /app/packages ./packages
RUN install -d -o 1000 -g 1000 state
# The user node, by number: Kubernetes wants to see that it is not root.
USER 1000:1000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["node", "apps/worker/dist/healthy.js"]
CMD ["node", "apps/worker/dist/main.js"]
