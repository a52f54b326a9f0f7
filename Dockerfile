# syntax=docker/dockerfile:1
# Vitrine in an image of its own. docs/guides/container.md says how to use it; tools/try-image.ts runs these steps without
# a container engine.

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build \
 && npm prune --omit=dev \
 && mkdir /built \
 && mv package.json CHANGELOG.md LICENSE dist node_modules /built/ \
 && mv packaging/docker/healthy.js /built/

FROM debian:bookworm-slim
# Reads regions of JPEG 2000 in a process of its own.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libopenjp2-tools libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --home-dir /var/lib/vitrine --shell /usr/sbin/nologin vitrine \
 && install -d -o vitrine -g vitrine -m 0700 /var/lib/vitrine \
 && install -d /etc/vitrine /srv/images
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /built /opt/vitrine
RUN ln -s /opt/vitrine/dist/main.js /usr/local/bin/vitrine
# Little memory for commands too; a server sees to it for itself.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    VITRINE_HOST=0.0.0.0 \
    VITRINE_IMAGES=/srv/images \
    VITRINE_DATA=/var/lib/vitrine
WORKDIR /var/lib/vitrine
VOLUME /var/lib/vitrine
EXPOSE 8080
# A number, so that orchestrators can see that it is not root.
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/opt/vitrine/healthy.js"]
ENTRYPOINT ["vitrine"]
CMD ["serve"]
