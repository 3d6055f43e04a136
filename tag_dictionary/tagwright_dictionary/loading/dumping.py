"""Writing a dictionary as one self-contained YAML file."""

from __future__ import annotations

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.loading.canonical import document


def dump(dictionary: Dictionary) -> str:
    """Canonical YAML: the same bytes for equal dictionaries; `load(dump(d)) == d` but for locations, source, layers.

    CSV files, exemptions and what is extended are written out, so the text is what to publish behind a URL.
    """
    import yaml  # noqa: PLC0415 - only a dump needs it

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(
        document(dictionary), Dumper=dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False
    )
    return text
