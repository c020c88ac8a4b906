# syntax=docker/dockerfile:1
# The demo shop in production form: docker build -t shop . ; see docs/how-to/deploy.md.

ARG PYTHON=3.13

# --- wheels: everything that needs pip and the network -----------------------------------------
FROM python:${PYTHON}-slim AS wheels
WORKDIR /build
RUN python -m pip install --no-cache-dir --upgrade "pip>=25.1"
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN python -m pip wheel --no-cache-dir --wheel-dir /wheels ".[all]" --group services

# --- the image: Python, the wheels, the project ------------------------------------------------
FROM python:${PYTHON}-slim
# A container that was told nothing refuses to start; the demo's published keys need DEBUG=on.
ENV DEBUG=off \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SHOPKIT_VAR=/srv/var \
    STATIC_ROOT=/srv/static \
    LOG_FORMAT=json
# pip is needed once; nothing is installed into a running container.
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index /wheels/*.whl \
    && python -m pip uninstall --yes --quiet pip
RUN groupadd --gid 10001 shop \
    && useradd --uid 10001 --gid shop --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shop \
    && install --directory --owner shop --group shop /srv/var /srv/static
WORKDIR /srv/shop
COPY entrypoint.sh ./
COPY example_project example_project
USER shop
VOLUME /srv/var
EXPOSE 8000
# For the web role; compose.yaml asks the others in their own way.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "example_project/healthcheck.py"]
ENTRYPOINT ["/srv/shop/entrypoint.sh"]
CMD ["web"]
