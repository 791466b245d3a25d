# One image for all processes; docker-compose.yml says which one a container runs.

FROM node:24-bookworm-slim AS build
WORKDIR /repo
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && npm run build

# The program is a bundle with the libraries it uses: nothing else of the repository, no packages.
FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="usertesting-inventory" \
  org.opencontainers.image.description="Finds out what every test in a UserTesting account is" \
  org.opencontainers.image.licenses="MIT"
# Settings come from the environment only. What a process writes beside the state files is in /tmp.
ENV NODE_ENV=production ENV_FILE=none STATE_DIR=/app/state DATA_DIR=/tmp/data NODE_COMPILE_CACHE=/tmp/compiled
WORKDIR /app
COPY --from=build /repo/package.json /repo/LICENSE ./
COPY --from=build /repo/bin ./bin
COPY --from=build /repo/dist ./dist
RUN ln -s /app/bin/usertesting-inventory.js /usr/local/bin/usertesting-inventory \
  && install -d -o 1000 -g 1000 state
# The user node, by number: Kubernetes wants to see that it is not root.
USER 1000:1000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["node", "dist/program/worker-healthy.js"]
CMD ["usertesting-inventory", "worker"]
