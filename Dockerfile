# One image for web, worker and beat; docker-compose.yml says which one a container is.

FROM node:24-bookworm-slim AS frontend
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
COPY templates/ ../templates/
RUN npm run build

FROM python:3.11-slim-bookworm AS environment
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /srv/constancia
COPY pyproject.toml uv.lock ./
# Neither the embedded servers nor the tests' tools: production brings its own PostgreSQL and Valkey.
RUN uv sync --frozen --no-default-groups --compile-bytecode

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/constancia --shell /usr/sbin/nologin constancia \
    && install -d -o constancia -g constancia /data
WORKDIR /srv/constancia
COPY --from=environment /srv/constancia/.venv .venv
COPY .flaskenv ./
COPY app/ app/
COPY tasks/ tasks/
COPY templates/ templates/
COPY workflows/ workflows/
COPY --from=frontend /build/app/static/dist app/static/dist
ENV PATH=/srv/constancia/.venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data HOST=0.0.0.0
USER constancia
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--factory", "--respawn-failed-workers", "--blocking-threads", "8", "--host", "0.0.0.0", "--port", "8000", "app.factory:create_site"]
