"""The components for other languages: a provider process that Pulumi starts (`pulumi package add`)."""

from __future__ import annotations

from tagwright_pulumi.hosting.provider import COMPONENTS, GatedProvider, serve

__all__ = ["COMPONENTS", "GatedProvider", "serve"]
