"""Check the curated entries against the providers' own schemas, and list EC2's instance families.

    python tools/check_catalogue.py [aws|google|azurerm|kubernetes|cloudformation ...]
    python tools/check_catalogue.py families

Every attribute path of a rule must exist in a schema of its type, or nobody would ever see its value. Prints one line
for each that does not, and exits 1 then; 3 when a package can be neither found nor fetched.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from catalogue_sources import (
    AWS,
    AWS_5,
    AZURERM,
    AZURERM_4,
    BOTOCORE,
    CFN_LINT,
    GOOGLE,
    GOOGLE_6,
    GOOGLE_BETA,
    KUBERNETES,
    Source,
    SourceUnavailableError,
    fetch,
)
from read_bindings import Schema, read_bindings
from read_botocore import read_instance_families
from read_cloudformation import read_cloudformation

from tagwright_dictionary.catalogue import Entry, entries, entry, provider_of

TERRAFORM: dict[str, tuple[Source, ...]] = {
    "aws": (AWS, AWS_5),
    "azurerm": (AZURERM, AZURERM_4),
    "google": (GOOGLE, GOOGLE_BETA, GOOGLE_6),
    "kubernetes": (KUBERNETES,),
}

OBJECTS_OF_ANY_SHAPE = frozenset({"kubernetes_manifest"})
"""Their paths are Kubernetes', not the provider's."""


def paths(own: str, found: Entry, follow: Callable[[str], tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """(type, path) for everything the rules of type `own` read; `follow` names the types behind a link."""
    for rule in found.rules:
        for path in filter(None, (rule.path, rule.unless, rule.zero)):
            link, arrow, far = path.partition("->")
            if not arrow:
                yield own, path
            elif not follow(link):
                yield own, f"{path} (nobody knows what {link} links to)"
            else:
                yield from ((one, far) for one in follow(link))


def terraform_links(link: str) -> tuple[str, ...]:
    return {
        "launch_template": ("aws_launch_template",),
        "launch_configuration": ("aws_launch_configuration",),
        "endpoint_config_name": ("aws_sagemaker_endpoint_configuration",),
        "instance_template": ("google_compute_instance_template", "google_compute_region_instance_template"),
        "source_instance_template": ("google_compute_instance_template", "google_compute_region_instance_template"),
        "notebook_runtime_template_ref.notebook_runtime_template": ("google_colab_runtime_template",),
    }.get(link, ())


def cloudformation_links(link: str) -> tuple[str, ...]:
    return {
        "LaunchTemplate": ("AWS::EC2::LaunchTemplate",),
        "LaunchConfigurationName": ("AWS::AutoScaling::LaunchConfiguration",),
        "EndpointConfigName": ("AWS::SageMaker::EndpointConfig",),
    }.get(link, ())


def check_terraform(provider: str) -> Iterator[str]:
    schemas: dict[str, list[Schema]] = {}
    for source in TERRAFORM[provider]:
        for schema in read_bindings(fetch(source)):
            schemas.setdefault(schema.type, []).append(schema)
    for found in entries():
        if provider_of(found.terraform) != provider or found.terraform in OBJECTS_OF_ANY_SHAPE:
            continue
        for tf_type, path in paths(found.terraform, found, terraform_links):
            if not any(_has(schema, path) for schema in schemas.get(tf_type, ())):
                yield f"{found.terraform}: {tf_type} has no {path}"


def _has(schema: Schema, path: str) -> bool:
    """Also true of a key of a map (`node_selector.accelerator`)."""
    above, _, _ = path.rpartition(".")
    parent = schema.find(above) if above else None
    return schema.find(path) is not None or (parent is not None and parent.storage == "stringMap")


def check_cloudformation() -> Iterator[str]:
    schemas = {one.name: one for one in read_cloudformation(fetch(CFN_LINT))}
    for name in dict.fromkeys(found.cloudformation for found in entries() if found.cloudformation):
        for cfn_type, path in paths(name, entry(name), cloudformation_links):
            if not schemas[cfn_type].has(path):
                yield f"{name}: {cfn_type} has no {path}"


def main(arguments: list[str]) -> int:
    lines: list[str] = []
    try:
        if arguments == ["families"]:
            print(*read_instance_families(fetch(BOTOCORE)), sep="\n")
            return 0
        for name in arguments or [*TERRAFORM, "cloudformation"]:
            lines += check_cloudformation() if name == "cloudformation" else check_terraform(name)
    except SourceUnavailableError as error:
        print(error, file=sys.stderr)
        return 3
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
