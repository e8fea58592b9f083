"""The API keeps what its own description says, whatever it is asked: schemathesis asks."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.schemas import BaseSchema
from werkzeug.datastructures import MultiDict

from webapp.api.routes import ROUTES


@pytest.fixture
def described(app: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        (route.path, mode)
        for route in ROUTES
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or route.parameters
    ],
)
def test_the_api_is_as_its_description_says(
    described: BaseSchema, path: str, mode: GenerationMode
) -> None:
    """Status codes, media types, headers and bodies of answers and of errors; never a 500."""

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(described[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        left_out = [positive_data_acceptance]  # no schema tells a query or a date
        if any(
            not str(each).strip() for _, each in MultiDict(case.query).items(multi=True)
        ):
            left_out.append(negative_data_rejection)  # what is empty is as if left out
        response = case.call()
        if response.status_code == 414:
            left_out.append(negative_data_rejection)  # refused before it was read
        case.validate_response(response, excluded_checks=left_out)

    ask()
