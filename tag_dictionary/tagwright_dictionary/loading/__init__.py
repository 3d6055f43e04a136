"""Reading, checking and writing tag dictionaries.

`load` and `validate` read one (format: docs/dictionary.md), `dump` writes one, `discovery.discover` finds the one that
applies. A load that was done before reads neither YAML nor JSON Schema.
"""

from tagwright_dictionary.loading.canonical import canonical_json
from tagwright_dictionary.loading.dumping import dump
from tagwright_dictionary.loading.entry import digest, load, validate

__all__ = ["canonical_json", "digest", "dump", "load", "validate"]
