"""Inside the environment with regopy: findings of a policy for each plan. {policy, data, plans} on stdin."""

import json
import sys

from regopy import Interpreter

# regopy does not escape quotes inside the strings that it prints, so only plain words are asked for.
ASKED = 'x = [concat("|", [f.rule, f.key, f.severity, f.address]) | f := data.main.findings[_]]'


def main():
    given = json.load(sys.stdin)
    engine = Interpreter()
    engine.add_module("tagwright", given["policy"])
    engine.add_data_json(given["data"])
    answers = []
    for plan in given["plans"]:
        engine.set_input(plan)
        text = str(engine.query(ASKED))
        found = json.loads(text)["bindings"]["x"]
        answers.append(sorted(item.split("|") for item in found))
    json.dump(answers, sys.stdout)


main()
