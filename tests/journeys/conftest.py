"""A running installation for journeys."""

from collections.abc import Iterator

import pytest

from tests.journeys.site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An empty installation, running."""
    with Site(tmp_path_factory.mktemp("installation")) as site:
        yield site
