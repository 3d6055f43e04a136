/* What the form of "which tags do I need?" says, in words. */
(function () {
  "use strict";

  /** What is wrong with a value. `wrong` is its `fault`, `fitting` the values that would go with the other tags. */
  function says(finding, value, key, wrong, fitting) {
    if (finding.rule === "invalid-tag") return finding.says;
    if (finding.rule === "mismatched-tags") {
      return value + " does not go with the other tags (" + finding.requirement + ")" + (!fitting || fitting.length > 20 ? "" :
        ": these do: " + fitting.map(function (each) { return each[0]; }).join(", "));
    }
    if (finding.rule === "deprecated-value") {
      var end = wrong.until ? (finding.severity === "error" ? ", accepted only through " : ", accepted through ") + wrong.until : "";
      return value + " is deprecated" + end + (wrong.meant ? ": use " + wrong.meant : "");
    }
    if (wrong && wrong.why) return value + " " + wrong.why + ", not a value";
    if (wrong && wrong.meant) return value + " is not approved: use " + wrong.meant;
    return value + " is not approved" + (key.form ? ": it must be " + key.form : "") +
      (key.examples ? ", such as " + key.examples[0] : "");
  }

  function summary(decision) {
    var must = decision.demands.filter(function (demand) { return demand.severity === "error"; }).length;
    var more = decision.demands.length - must;
    if (!must && !more) return "The dictionary asks for no tags here.";
    var open = decision.findings.filter(function (each) { return each.rule === "missing-tag"; }).length;
    var bad = refused(decision);
    return must + (must === 1 ? " tag is" : " tags are") + " required" + (more ? ", " + more + " recommended" : "") + "." +
      (open ? " " + open + " still without a value." : " All have a value.") + (bad ? " " + bad + " not accepted." : "");
  }

  /** How many tags have a value that the gate refuses. */
  function refused(decision) {
    return new Set(decision.findings.filter(function (each) {
      return each.rule !== "missing-tag" && each.severity === "error";
    }).map(function (each) { return each.key; })).size;
  }

  /** What is still to be done before the text can be pasted: {text, bad}. */
  function state(pairs, decision) {
    var open = pairs.filter(function (pair) { return pair.open; }).length;
    var bad = refused(decision);
    var says = open ? [(open === 1 ? "1 value is" : open + " values are") + " still to fill in"] : [];
    if (bad) says.unshift((bad === 1 ? "1 value" : bad + " values") + " would be refused");
    return { text: says.join(", ") || "complete", bad: bad > 0 };
  }

  tagwright.words = { says: says, summary: summary, state: state };
})();
