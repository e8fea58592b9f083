"""Several processes: gunicorn --config deploy/gunicorn.conf.py webapp.wsgi:app

Needs communique[gunicorn,metrics].
"""

import os
import shutil
import tempfile

from indexer.settings import load_settings, usual_jobs
from webapp.logs import logging_config
from webapp.metrics import SHARED

_settings = load_settings()

bind = f"{_settings.host}:{_settings.port}"
workers = usual_jobs()
worker_class = "gthread"  # one slow reader holds a thread, and no process
threads = 2  # more of them take the processor from each other, at a tenth of the pages
graceful_timeout = 20  # seconds for requests under way when it is told to stop
forwarded_allow_ips = ""  # what proxies may tell is a setting of Communiqué's
control_socket_disable = True  # it would lie in the home of whoever runs this
logconfig_dict = logging_config(_settings.web.logs)

# The processes add up their figures in a folder, which is this server's alone.
_own = SHARED not in os.environ
if _own:
    os.environ[SHARED] = tempfile.mkdtemp(prefix="communique-metrics-")


def child_exit(server, worker):
    """Forget what a process had under way, however it ended."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server):
    """Take the folder away again."""
    if _own:
        shutil.rmtree(os.environ[SHARED], ignore_errors=True)
