"""Parts that may not be installed, and the one line that says so."""

from __future__ import annotations

import importlib
from typing import Any

from tagwright_dictionary.errors import MissingExtraError
from tagwright_pulumi.errors import SetupError


def aws(service: str) -> Any:
    """The module `pulumi_aws.<service>`: loaded here and not before, because each costs a tenth of a second or more.
    Raises SetupError where pulumi_aws is not installed.
    """
    try:
        return importlib.import_module(f"pulumi_aws.{service}")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("pulumi_aws"):
            raise
        raise SetupError(str(MissingExtraError("pulumi", "a component that creates AWS resources"))) from error
