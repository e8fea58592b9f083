"""What stands before a cluster elsewhere: TLS with a certificate, and who may come in (nginx)."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

from tests.cluster.nodes import Nodes, free_ports
from tests.indexer.running import wait_for

#: Debian's, which is on no user's path.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

_CONFIG = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    client_max_body_size 100m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream nodes {{ {servers} }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/chain.pem;
        ssl_certificate_key {folder}/key.pem;
        auth_basic "cluster";
        auth_basic_user_file {folder}/users;
        location / {{ proxy_pass http://nodes; }}
    }}
}}
"""


@contextmanager
def proxy(folder: Path, nodes: Nodes, user: str, password: str) -> Iterator[int]:
    """The port of one before the nodes, for ``localhost`` and one user; its files are in ``folder``.

    ``authority.pem`` is the file of who signed its certificate, ``stranger.pem`` of who did not.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    trustme.CA().cert_pem.write_to_path(folder / "stranger.pem")
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for blob in issued.cert_chain_pems:
        blob.write_to_path(folder / "chain.pem", append=True)
    (folder / "users").write_text(f"{user}:{{PLAIN}}{password}\n", encoding="utf-8")
    (port,) = free_ports(1)
    servers = " ".join(f"server 127.0.0.1:{each};" for each in nodes.http)
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port, servers=servers))
    command = [str(NGINX), "-p", str(folder), "-c", str(config)]
    command += ["-e", str(folder / "error.log")]
    with subprocess.Popen(command) as process:
        try:
            wait_for(lambda: process.poll() is not None or _listens(port), "nginx")
            assert process.poll() is None
            yield port
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True
