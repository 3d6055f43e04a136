"""Inside the environment with c7n: a line with {policies, resources}, where policies are the texts of files and
resources are [c7n type, what AWS shows of it] pairs, is answered with the (policy, severity) pairs that match each.
"""

import json
import logging
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

import yaml
from c7n.config import Config
from c7n.loader import PolicyLoader
from c7n.resources import load_resources

logging.disable(logging.CRITICAL)


def answer(given):
    answers = [[] for _ in given["resources"]]
    load_resources({f"aws.{name}" for name, _ in given["resources"]})
    loader = PolicyLoader(Config.empty(regions=["eu-central-1"], account_id="123456789012"))
    for text in given["policies"]:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
        for policy in loader.load_data(document, "memory://", validate=given.get("validate", True)):
            chosen = [
                (number, resource)
                for number, (name, resource) in enumerate(given["resources"])
                if policy.resource_type in (name, f"aws.{name}")
            ]
            manager = policy.load_resource_manager()
            identifier = manager.get_model().id
            shown = [{identifier: f"x-{number}", **resource, "tagwright:number": number} for number, resource in chosen]
            for resource in manager.filter_resources(json.loads(json.dumps(shown))):
                answers[resource["tagwright:number"]].append([policy.name, policy.data["metadata"]["severity"]])
    return answers


for line in sys.stdin:
    try:
        found = {"answer": answer(json.loads(line))}
    except Exception as error:  # noqa: BLE001 - whatever it is, the test that asked shall say it
        found = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(found), flush=True)
