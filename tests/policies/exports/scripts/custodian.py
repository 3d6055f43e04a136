"""Inside the environment with c7n: which policies match which resources. {policies, resources} on stdin, where
policies are the texts of files and resources are [c7n type, what AWS shows of it] pairs.
"""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

import yaml
from c7n.config import Config
from c7n.loader import PolicyLoader
from c7n.resources import load_resources


def main():
    given = json.load(sys.stdin)
    answers = [[] for _ in given["resources"]]
    names = {f"aws.{name}" for name, _ in given["resources"]}
    load_resources(names)
    loader = PolicyLoader(Config.empty(regions=["eu-central-1"], account_id="123456789012"))
    for text in given["policies"]:
        document = yaml.safe_load(text)
        for policy in loader.load_data(document, "memory://", validate=True):
            for number, (name, resource) in enumerate(given["resources"]):
                if policy.resource_type in (name, f"aws.{name}"):
                    manager = policy.load_resource_manager()
                    identified = {manager.get_model().id: "x", **resource}
                    if manager.filter_resources([json.loads(json.dumps(identified))]):
                        answers[number].append([policy.name, policy.data["metadata"]["severity"]])
    json.dump(answers, sys.stdout)


main()
