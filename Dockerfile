FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/graphsvc && /opt/graphsvc/bin/pip install --no-cache-dir .

FROM python:3.13-slim
# A fixed number, so that a volume keeps its owner from one image to the next.
RUN useradd --system --uid 10001 --user-group --create-home --home-dir /var/lib/graphsvc graphsvc
COPY --from=build /opt/graphsvc /opt/graphsvc
ENV PATH=/opt/graphsvc/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GRAPHSVC_DATA_DIR=/var/lib/graphsvc/data
USER graphsvc
# Made here, so that a named volume mounted on it belongs to the user.
RUN mkdir -m 700 /var/lib/graphsvc/data
VOLUME /var/lib/graphsvc/data
EXPOSE 8000
# Ready, not only alive: the database answers and the seed is in it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
CMD ["graphsvc", "serve", "--host", "0.0.0.0", "--port", "8000"]
