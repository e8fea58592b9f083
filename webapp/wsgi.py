"""The site for WSGI servers with several processes, such as gunicorn: ``gunicorn webapp.wsgi:app``.

Nothing of the index is open until the first request, so processes may be forked before or after.
"""

from indexer.settings import load_settings
from webapp import create_app
from webapp.logs import configure

configure(load_settings().web.logs)
app = create_app()
