"""Inside the environment with OPA: a line with {policies, data, inputs} is answered with the findings for each."""

import json
import sys

from opa_bindings import OpaEngine


def answer(given, known={}):  # noqa: B006 - the last engine is kept
    name = (json.dumps(given["policies"]), given["data"])
    if name not in known:
        known.clear()
        engine = OpaEngine()
        for path, text in given["policies"].items():
            engine.add_policy(path, text)
        engine.add_data(json.loads(given["data"]))
        known[name] = engine
    query = given.get("query", "main.findings")
    return [known[name].eval_document(query, document) for document in given["inputs"]]


for line in sys.stdin:
    try:
        found = {"answer": answer(json.loads(line))}
    except Exception as error:  # noqa: BLE001 - whatever it is, the test that asked shall say it
        found = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(found), flush=True)
