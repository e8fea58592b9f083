"""The JSON API, a blueprint of its own within the site's."""

from webapp.api.routes import api_blueprint

__all__ = ["api_blueprint"]
