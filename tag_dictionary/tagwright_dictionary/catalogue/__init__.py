"""What is known about resource types: can they be tagged and where, which classes are they of, what makes them a GPU.

Names may be Terraform types (`aws_instance`, `awscc_ec2_instance`), CloudFormation types (`AWS::EC2::Instance`),
Pulumi tokens (`aws:ec2/instance:Instance`) or Kubernetes kinds (`Deployment`). Pure standard library; a data file is
read when the first name of its provider is looked up, and kept.
"""

from tagwright_dictionary.catalogue.classifying import classify, deciding_attributes
from tagwright_dictionary.catalogue.entries import Entry, Rule, entries, entry, find
from tagwright_dictionary.catalogue.names import provider_of
from tagwright_dictionary.catalogue.taggable import TagSupport, tag_support

__all__ = [
    "Entry",
    "Rule",
    "TagSupport",
    "classify",
    "deciding_attributes",
    "entries",
    "entry",
    "find",
    "provider_of",
    "tag_support",
]
