"""Screens, and waiting for what a page does."""

from __future__ import annotations

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def until(page, expression):
    """Wait until it holds. (`wait_for_function` would evaluate a string, which the page's policy forbids.)"""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(expression)
