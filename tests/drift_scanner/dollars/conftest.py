"""One dictionary for all tests of money."""

from __future__ import annotations

import pytest
from tests.drift_scanner.dollars import making

from tagwright_dictionary.dictionary import Dictionary


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Dictionary:
    return making.dictionary(tmp_path_factory.mktemp("dictionary"))
