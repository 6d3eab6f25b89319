"""The service behind a real nginx under a prefix, and the headers of proxies without one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import uvicorn
from anyio.from_thread import BlockingPortal

from graphsvc.app import create_app
from graphsvc.settings import Settings
from tests.api.conftest import Api, serving
from tests.conftest import require

HOST = "graph.example.org"

CONFIGURATION = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-Proto https;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    location /graph/ {{
      proxy_set_header X-Forwarded-Prefix /graph;
      proxy_pass http://127.0.0.1:{service}/;
    }}
    location /whole/ {{
      proxy_set_header X-Forwarded-Prefix /whole;
      proxy_pass http://127.0.0.1:{service};
    }}
  }}
}}
"""
"""One prefix that nginx takes from the path, and one that it leaves there."""


@pytest.fixture
def proxied(
    harbor: Api, fresh: Settings, portal: BlockingPortal, tmp_path: Path
) -> Iterator[httpx.Client]:
    """A client of an nginx in front of the service."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    require(nginx, "nginx is not installed")
    settings = fresh.model_copy(update={"allowed_hosts": [HOST]})
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        server = uvicorn.Server(
            uvicorn.Config(create_app(settings), log_config=None, proxy_headers=False)
        )
        serving_now = portal.start_task_soon(server.serve, [listening])
        port = _free_port()
        file = tmp_path / "nginx.conf"
        service = listening.getsockname()[1]
        file.write_text(CONFIGURATION.format(folder=tmp_path, port=port, service=service))
        log = tmp_path / "error.log"
        process = subprocess.Popen(
            [str(nginx), "-c", str(file), "-p", str(tmp_path), "-e", str(log)],
            stderr=subprocess.PIPE,
        )
        try:
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", headers={"Host": HOST}
            ) as client:
                _wait_until_ready(client, process)
                yield client
        finally:
            process.terminate()
            process.communicate()
            server.should_exit = True
            serving_now.result()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            if client.get("/graph/ready").status_code == 200:
                return
        except httpx.TransportError:
            if process.poll() is not None:
                raise AssertionError(process.communicate()[1].decode()) from None
        time.sleep(0.1)
    raise AssertionError("nginx does not answer")


@pytest.mark.parametrize("prefix", ["/graph", "/whole"])
def test_all_that_an_answer_leads_to_is_found_behind_a_proxy(
    proxied: httpx.Client, prefix: str
) -> None:
    front = proxied.get(f"{prefix}/")
    assert (front.status_code, front.headers["location"]) == (307, f"{prefix}/docs")
    page = proxied.get(front.headers["location"])
    assert page.status_code == 200
    for wanted in (
        "/openapi.json",
        "/static-offline-docs/swagger-ui.css",
        "/static-offline-docs/swagger-ui-bundle.js",
    ):
        assert f"{prefix}{wanted}" in page.text
        assert proxied.get(f"{prefix}{wanted}").status_code == 200
    assert proxied.get(f"{prefix}/openapi.json").json()["servers"] == [{"url": prefix}]

    problem = proxied.get(f"{prefix}/v1/entities?kind=Centre").json()
    assert problem["type"] == f"{prefix}/docs/errors#invalid-input"
    assert 'id="invalid-input"' in proxied.get(problem["type"].partition("#")[0]).text

    links = proxied.get(f"{prefix}/v1/entities?limit=1").links
    assert links["first"]["url"].startswith(f"{prefix}/v1/entities?")
    following = proxied.get(links["next"]["url"])
    assert following.json()["items"]
    assert following.links["first"]["url"] == links["first"]["url"]
    tag = following.headers["etag"]
    again = proxied.get(links["next"]["url"], headers={"If-None-Match": tag})
    assert again.status_code == 304

    started = proxied.post(f"{prefix}/v1/analysis/runs", json={"metric": "degree"})
    where = started.headers.get("location", f"{prefix}/v1/analysis/runs/{started.json()['id']}")
    assert where.startswith(f"{prefix}/v1/analysis/runs/")
    run = proxied.get(where)
    while run.status_code == 200 and run.json()["state"] in ("waiting", "running"):
        time.sleep(0.1)
        run = proxied.get(where)
    assert run.json()["state"] == "done"
    result = proxied.get(f"{where}/result?format=csv")
    assert result.links["describedby"]["url"] == where


def test_a_prefix_of_the_settings_needs_no_header(
    harbor: Api, fresh: Settings, portal: BlockingPortal
) -> None:
    settings = fresh.model_copy(update={"root_path": "/graph"})
    with serving(settings, portal) as api:
        for path in ("/v1/entities?limit=1", "/graph/v1/entities?limit=1"):
            response = portal.call(api.client.get, path)
            assert response.status_code == 200
            assert response.headers["link"].startswith("</graph/v1/entities?limit=1>")


@pytest.mark.parametrize(
    ("trusted", "given", "root"),
    [
        (["127.0.0.1"], "/graph", "/graph"),
        (["127.0.0.0/8"], "/graph/", "/graph"),
        (["*"], "/a/b", "/a/b"),
        (["10.0.0.7"], "/graph", ""),
        ([], "/graph", ""),
        (["127.0.0.1"], "//evil.example", ""),
        (["127.0.0.1"], "/gr>aph", ""),
        (["127.0.0.1"], "graph", ""),
    ],
)
def test_the_prefix_is_taken_from_trusted_proxies_alone(
    fresh: Settings, portal: BlockingPortal, trusted: list[str], given: str, root: str
) -> None:
    settings = fresh.model_copy(update={"trusted_proxies": trusted})
    with serving(settings, portal, headers={"X-Forwarded-Prefix": given}) as api:
        response = portal.call(api.client.get, "/nothing")
        assert response.json()["type"] == f"{root}/docs/errors#not-found"


def test_answers_under_two_prefixes_are_not_mixed_up(
    harbor: Api, fresh: Settings, portal: BlockingPortal
) -> None:
    with serving(fresh, portal) as api:
        for prefix in ("", "/one", "/two", "/one", ""):
            given = {"X-Forwarded-Prefix": prefix} if prefix else {}
            response = portal.call(lambda: api.client.get("/v1/entities?limit=1", headers=given))  # noqa: B023
            assert response.headers["link"].startswith(f"<{prefix}/v1/entities?limit=1>")
