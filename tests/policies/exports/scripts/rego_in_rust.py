"""Inside the environment with Regorus: a line with {policies, data, inputs} is answered with the findings."""

import json
import sys

import regorus


def answer(given, known={}):  # noqa: B006 - the last engine is kept
    name = (json.dumps(given["policies"]), given["data"])
    if name not in known:
        known.clear()
        engine = regorus.Engine()
        for path, text in given["policies"].items():
            engine.add_policy(path, text)
        engine.add_data_json(given["data"])
        known[name] = engine
    found = []
    for document in given["inputs"]:
        known[name].set_input_json(json.dumps(document))
        found.append(json.loads(known[name].eval_rule_as_json("data." + given.get("query", "main.findings"))))
    return found


for line in sys.stdin:
    try:
        found = {"answer": answer(json.loads(line))}
    except Exception as error:  # noqa: BLE001 - whatever it is, the test that asked shall say it
        found = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(found), flush=True)
