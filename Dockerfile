# One image for all processes: docker compose picks the app.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev --no-audit --no-fund \
  && find apps packages -name src -type d -prune -exec rm -rf {} + && rm -rf test docs .turbo node_modules/.cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production ENV_FILE=none
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN mkdir -p /app/state /app/.data && chown node:node /app/state /app/.data
USER node
STOPSIGNAL SIGTERM
CMD ["node", "apps/worker/dist/main.js"]
