"""A policy pack: the tag dictionary enforced by the Pulumi engine itself, for programs in every language.

    from pulumi_policy import PolicyPack
    from tagwright_pulumi.policies import policies

    PolicyPack("tagwright", policies("dictionary.yaml"))

`PolicyPack(...)` never returns, so it belongs into the pack's own `__main__.py`; `tagwright pulumi init-pack` writes
one.
"""

from __future__ import annotations

from tagwright_dictionary.errors import MissingExtraError

try:
    import pulumi_policy as _pulumi_policy  # noqa: F401 - the only question is whether it is there
except ModuleNotFoundError as _error:
    if _error.name != "pulumi_policy":
        raise

    class MissingPolicySdkError(MissingExtraError, ImportError):
        """pulumi-policy is not installed."""

    raise MissingPolicySdkError("pulumi-policy", "tagwright_pulumi.policies") from None

from tagwright_pulumi.policies.listing import policies

__all__ = ["policies"]
