"""The promises of ``indexer.engine``, as tests that every engine passes.

An engine's own tests are a class that says how one is made::

    class TestSomeEngine(EngineContract):
        def make(self, path):
            return SomeEngine(path)
"""

from tests.indexer.contract.agreement import Agreement
from tests.indexer.contract.facets import Facets
from tests.indexer.contract.folding import Folding
from tests.indexer.contract.lines import Lines
from tests.indexer.contract.marks import Marks
from tests.indexer.contract.order import Order
from tests.indexer.contract.publishing import Publishing
from tests.indexer.contract.queries import Queries
from tests.indexer.contract.timelines import Timelines


class EngineContract(
    Publishing, Queries, Facets, Folding, Order, Marks, Lines, Timelines, Agreement
):
    """Everything that an engine promises; a subclass says how to ``make`` one."""


__all__ = ["EngineContract"]
