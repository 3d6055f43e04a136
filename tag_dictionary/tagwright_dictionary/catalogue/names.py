"""Which naming scheme a type's name belongs to, and whose resource it is."""

from __future__ import annotations

_PULUMI = {"aws": "aws", "azure": "azurerm", "gcp": "google", "kubernetes": "kubernetes"}
_ONE_WORD = ("CloudFormation", "CloudFront", "CloudWatch", "FSx", "OTel")


def scheme_of(name: str) -> str:
    """How `name` is written: terraform | cloudformation | pulumi | kubernetes."""
    if "::" in name:
        return "cloudformation"
    if ":" in name:
        return "pulumi"
    if "/" in name or name[:1].isupper():
        return "kubernetes"
    return "terraform"


def provider_of(tf_type: str) -> str:
    """The provider a resource type belongs to: `aws`, `awscc`, `google` (google-beta's too), `azurerm`, `azapi`,
    `kubernetes`, ...; for a provider that is not in the catalogue the part before the first underscore.
    """
    scheme = scheme_of(tf_type)
    if scheme == "cloudformation":
        return "aws"
    if scheme == "pulumi":
        package = tf_type.partition(":")[0]
        return _PULUMI.get(package, package)
    if scheme == "kubernetes":
        return "kubernetes"
    return tf_type.partition("_")[0]


def snake(name: str) -> str:
    """A CloudFormation type or property name as the awscc provider spells it (`FileSystemTags` is `file_system_tags`,
    `LocationFSxLustre` is `location_fsx_lustre`).
    """
    for word in _ONE_WORD:
        name = name.replace(word, word.capitalize())
    result = name[:1]
    for before, letter, after in zip(name, name[1:], name[2:] + " ", strict=False):
        starts = (
            (before.islower() and (letter.isupper() or letter.isdigit()))
            or (before.isdigit() and letter.isalpha())
            or (before.isupper() and letter.isupper() and after.islower())
        )
        result += "_" + letter if starts else letter
    return result.lower()


def awscc_type(cloudformation: str) -> str:
    """The awscc provider's resource type for a CloudFormation type."""
    _, service, resource = cloudformation.split("::")
    return f"awscc_{service.lower()}_{snake(resource)}"
