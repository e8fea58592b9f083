"""What all tests share."""

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.indexer.contract")

settings.register_profile("communique", deadline=None)  # a machine may be busy
settings.load_profile("communique")
