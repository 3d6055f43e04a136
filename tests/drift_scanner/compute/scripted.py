"""A site that answers from recorded pages, each held against botocore's own model of the call."""

from __future__ import annotations

import threading
from collections import Counter
from functools import cache

import botocore.session
from botocore import xform_name
from botocore.validate import ParamValidator

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.contract import CellTrouble


@cache
def model(service):
    found = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): found.operation_model(name) for name in found.operation_names}


class ScriptedSite:
    """`pages_of`: (service, method) to the pages of its answer; what is not in it is an empty answer. A page that the
    API could not give, or arguments that it does not take, fail the test.
    """

    account, region, partition = "123456789012", "us-east-1", "aws"

    def __init__(self, pages_of, troubles=None):
        self.pages_of = pages_of
        self.troubles = troubles or {}
        self.asked = Counter()
        self._mine = threading.local()

    def call(self, service, operation, *, answers=(), **arguments):
        (page,) = self.pages(service, operation, **arguments)
        return page

    def pages(self, service, operation, **arguments):
        self.asked[operation] += 1
        shapes = model(service)[operation]
        self._valid(arguments, shapes.input_shape)
        yielded = False
        for page in self.pages_of.get((service, operation), ()):
            if callable(page):
                page = page(**arguments)  # noqa: PLW2901 - an answer that depends on what was asked
            self._valid(page, shapes.output_shape)
            self._mine.count = getattr(self._mine, "count", 0) + 1
            yielded = True
            yield page
        if (service, operation) in self.troubles:
            raise self.troubles[service, operation]
        if not yielded:
            self._mine.count = getattr(self._mine, "count", 0) + 1
            yield {}

    @staticmethod
    def _valid(value, shape):
        report = ParamValidator().validate(value, shape)
        assert not report.has_errors(), report.generate_report()

    def swept(self):
        return {}

    def at(self, region):
        return self

    def spread(self, function, items):
        return [function(item) for item in items]

    def counted(self):
        count = getattr(self._mine, "count", 0)
        self._mine.count = 0
        return count


DENIED = CellTrouble(CellState.DENIED, "UnauthorizedOperation for it", refused_by="iam")
