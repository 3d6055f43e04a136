/* Values that only pretend, in plain letters (the rule `placeholder-value`); look-alike letters are for the gate. */
(function () {
  "use strict";

  var READ = 256;

  /** Letters and digits in one case: `N / A` and `n.a.` are both `na`. */
  function compact(text) { return text.slice(0, READ).toLowerCase().replace(/[^a-z0-9]+/g, ""); }

  function nobody(table, key, value) {
    var at = value.indexOf("@");
    if (at < 0) return false;
    var domain = value.slice(at + 1);
    return table.locals.indexOf(compact(value.slice(0, at))) >= 0 ||
      (table.domains.indexOf(domain) >= 0 && (key.domains || []).indexOf(domain) < 0);
  }

  /** Why a value that is not approved is none, as the rest of a sentence; "" when it is one. */
  function why(table, key, value) {
    if (!/^[\x00-\x7f]*$/.test(value)) return "";
    var head = value.slice(0, READ);
    var bare = head.trim();
    if (!bare) return "is blank";
    var letters = compact(head);
    if (!letters) return "has neither a letter nor a digit";
    if (key.format === "integer" && /^[0-9]+$/.test(head)) return "";
    var begins = table.openings.some(function (opening) { return bare.toLowerCase().startsWith(opening); });
    if (begins || table.words.indexOf(letters) >= 0) return "is a placeholder";
    var filled = table.templates.some(function (each) { return new RegExp(each).test(head); }) ||
      table.whole.some(function (each) { return new RegExp("^(?:" + each + ")$").test(bare); });
    if (filled) return "is a template that nobody filled in";
    if (/^(.)\1{2,}$/.test(letters)) return "is one character repeated";
    return key.format === "email" && nobody(table, key, bare.toLowerCase()) ? "is nobody's address" : "";
  }

  tagwright.pretending = { why: why, compact: compact };
})();
