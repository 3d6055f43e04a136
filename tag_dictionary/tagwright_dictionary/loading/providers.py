"""Reading `providers:` — how the dictionary's keys are spelt where the provider allows fewer characters."""

from __future__ import annotations

import re
from collections.abc import Callable

from tagwright_dictionary.dictionary import ProviderEncoding
from tagwright_dictionary.loading.context import Context, Fields
from tagwright_dictionary.loading.problems import quoted
from tagwright_dictionary.loading.tree import Node

LABEL_PROVIDERS = ("gcp", "kubernetes")
PROVIDERS = ("aws", "azure", "gcp", "kubernetes")
_SYNONYMS = {"google": "gcp", "azurerm": "azure", "k8s": "kubernetes", "amazon": "aws"}
# Google Cloud: keys of labels are 1-63 lower-case letters, digits, _ and -, and start with a letter.
_GCP = re.compile(r"[a-z][a-z0-9_-]{0,62}")
# Kubernetes: an optional DNS prefix, and a name of at most 63 characters that starts and ends alphanumerically.
_KUBERNETES = re.compile(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_AWS = re.compile(r"[\w .:/=+@-]{1,128}")
_AZURE = re.compile(r"[^<>%&\\?/\x00-\x1f]{1,512}")


def key_problem(provider: str, key: str) -> str:
    """Why `key` cannot be written on that provider; "" when it can."""
    tests: dict[str, tuple[Callable[[str], object], str]] = {
        "aws": (_AWS.fullmatch, "at most 128 letters, digits, spaces and _ . : / = + - @"),
        "azure": (_AZURE.fullmatch, "at most 512 characters without < > % & \\ ? /"),
        "gcp": (_GCP.fullmatch, "lower-case letters, digits, _ and -, a letter first, at most 63"),
        "kubernetes": (_KUBERNETES.fullmatch, "an optional dns.prefix/ and at most 63 letters, digits, - _ ."),
    }
    test, rule = tests[provider]
    if provider == "aws" and key.lower().startswith("aws:"):
        return "the prefix aws: is reserved"
    return "" if test(key) else rule


def read_providers(context: Context, node: Node) -> tuple[ProviderEncoding, ...]:
    """The encodings of one file, by provider name; whether their keys exist is checked later."""
    encodings = {}
    for provider, name_node, item in context.mapping(node, "providers"):
        if provider not in PROVIDERS:
            meant = _SYNONYMS.get(provider)
            guess = f'did you mean "{meant}"?' if meant else context.problems.did_you_mean(provider, PROVIDERS)
            context.add(
                name_node, f"unknown provider {quoted(provider)}", f"{guess} providers: {', '.join(PROVIDERS)}".strip()
            )
            continue
        fields = Fields(context, item, f"provider {provider}", ("keys", "annotations", "values"))
        annotations: tuple[str, ...] = ()
        if (listed := fields.get("annotations")) is not None:
            pairs = context.texts(listed, fields.label("annotations"), "a list of keys")
            annotations = tuple(text for text, _ in pairs)
            for text, entry in pairs:
                context.places[("provider", provider, "annotations", text)] = context.at(entry)
            if provider != "kubernetes":
                context.add(listed, f"provider {provider} has no annotations", "annotations exist on kubernetes only")
        encodings[provider] = ProviderEncoding(
            provider, _read_names(fields, provider), annotations, _read_values(fields, provider)
        )
    return tuple(encodings[provider] for provider in sorted(encodings))


def _read_values(fields: Fields, provider: str) -> str:
    """`values: label`, where values are written in their label form."""
    context, node = fields.context, fields.get("values")
    if node is None:
        return ""
    text = context.text(node, fields.label("values"), "label")
    if text is not None and text != "label":
        context.add(node, f"{fields.label('values')}: {quoted(text)} is not a form of values", "write label")
    elif provider not in LABEL_PROVIDERS:
        context.add(node, f"provider {provider} takes values as they are", f"label is for {', '.join(LABEL_PROVIDERS)}")
    return text or ""


def _read_names(fields: Fields, provider: str) -> tuple[tuple[str, str], ...]:
    context, node = fields.context, fields.get("keys")
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    if node is None:
        return ()
    for key, key_node, value in context.mapping(node, fields.label("keys")):
        context.places[("provider", provider, "keys", key)] = context.at(key_node)
        text = context.text(value, f"{fields.label('keys')}, {key}", "the key on that provider")
        if text is None:
            continue
        if rule := key_problem(provider, text):
            context.add(value, f"{fields.what}: {quoted(text)} cannot be a key there", rule)
        twin = taken.setdefault(text, key)
        if twin != key:
            context.add(
                value, f"{fields.what}: {twin} and {key} would both be {quoted(text)}", "give each its own name"
            )
        names[key] = text
    return tuple(sorted(names.items()))
