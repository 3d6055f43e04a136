"""Addresses of the project, in one place; a test holds pyproject.toml to the same."""

from __future__ import annotations

from tagwright_cli.version import __version__
from tagwright_dictionary.rules import Rule

HOME = "https://github.com/tagwright/tagwright"


def rule_page(rule: Rule) -> str:
    """The web page of a rule, as of this version."""
    return f"{HOME}/blob/v{__version__}/{rule.page}"
