/* What `judge` decides, decided here: from the table of requirements, a resource and its tags to what is missing and
 * what is wrong. Everything is known here (no unknown tags), so each answer is yes or no. */
(function () {
  "use strict";

  var RANK = { error: 0, warning: 1, info: 2 };
  var table = null;
  var lists = new Map();

  /** The object without what every object has: a key or value may be called `constructor`. */
  function bare(found) { return Object.assign(Object.create(null), found); }

  tagwright.table = function (given) {
    table = given;
    table.keys = bare(table.keys);
    Object.keys(table.keys).forEach(function (name) { table.keys[name].aliases = bare(table.keys[name].aliases); });
    table.rows = bare(table.rows);
    Object.keys(table.rows).forEach(function (name) { table.rows[name] = bare(table.rows[name]); });
    Object.keys(table.clouds).forEach(function (name) { table.clouds[name].keys = bare(table.clouds[name].keys); });
  };
  tagwright.tableOf = function () { return table; };

  function listOf(name) {
    if (!lists.has(name)) {
      var key = table.keys[name];
      lists.set(name, new Map((key && key.values || []).map(function (value) { return [value[0], value]; })));
    }
    return lists.get(name);
  }

  function aliasOf(name, value) {
    var key = table.keys[name];
    return key && key.aliases[value] || null;
  }

  /** The approved value that an alias stands for, else the value. */
  function canonical(name, value) {
    var meant = listOf(name).has(value) ? null : aliasOf(name, value);
    return meant === null ? value : meant;
  }

  /** Like fnmatch: * is anything, ? one character, [...] one of them. */
  function glob(pattern) {
    var source = pattern.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, function (all, not, inside) {
      if (all === "*") return "[\\s\\S]*";
      if (all === "?") return "[\\s\\S]";
      if (all.length > 1) return "[" + (not ? "^" : "") + inside.replace(/[\\\]^[]/g, "\\$&") + "]";
      return all.replace(/[\\^$.|?*+()[\]{}/-]/g, "\\$&");
    });
    return new RegExp("^(?:" + source + ")$");
  }

  function selects(rule, names, classes) {
    return Boolean(rule.all) ||
      (rule.classes || []).some(function (each) { return classes.indexOf(each) >= 0; }) ||
      (rule.types || []).some(function (each) { return names.some(RegExp.prototype.test, glob(each)); });
  }

  function holds(rule, tags) {
    return (rule.when || []).every(function (term) {
      var value = tags[term[0]];
      return Boolean(value) && term[1].some(function (each) {
        return canonical(term[0], each) === canonical(term[0], value);
      });
    });
  }

  function severity(rule, today) {
    return rule.from && today >= rule.from ? "error" : rule.severity;
  }

  var LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
  var LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  var FORMATS = {
    email: function (value, key) {
      var at = value.indexOf("@");
      if (at < 0 || !LOCAL.test(value.slice(0, at))) return false;
      var domain = value.slice(at + 1);
      if (key.domains) return key.domains.indexOf(domain) >= 0;
      return new RegExp("^(?:" + LABEL + "\\.)+" + LABEL + "$").test(domain);
    },
    slug: function (value) { return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value); },
    integer: function (value) { return /^-?[0-9]+$/.test(value); },
    date: function (value) {
      var parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(value);
      if (!parts || parts[1] === "0000") return false;
      var day = new Date(value + "T00:00:00Z");
      return !isNaN(day) && day.toISOString().slice(0, 10) === value;
    },
    url: function (value) {
      return new RegExp("^https?://(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?" +
        "(?:[/?#][!-~]*)?$").test(value);
    },
    arn: function (value) { return /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[!-~]+$/.test(value); }
  };

  function hasForm(key, value) {
    if ((key.pattern || key.format) && Array.from(value).length > 512) return false;
    if (key.pattern && !new RegExp("^(?:" + key.pattern + ")$", "u").test(value)) return false;
    return !key.format || FORMATS[key.format](value, key);
  }

  var spellings = new Map();

  /** Why a value is none; "" also for another spelling of an approved one ("Test" where "test" is approved). */
  function pretends(name, key, value) {
    var why = tagwright.pretending.why(table.pretending, key, value);
    if (!why || !key.closed) return why;
    if (!spellings.has(name)) {
      var current = Array.from(listOf(name).values()).filter(function (row) { return !row[2]; });
      var aliases = Object.keys(key.aliases).filter(function (alias) {
        return !(listOf(name).get(key.aliases[alias]) || [])[2];
      });
      var known = current.map(function (row) { return row[0]; }).concat(aliases, current.map(function (row) { return row[1] || ""; }));
      spellings.set(name, new Set(known.filter(Boolean).map(tagwright.pretending.compact)));
    }
    return spellings.get(name).has(tagwright.pretending.compact(value)) ? "" : why;
  }

  /** null, or what is wrong with a value: {rule, severity, meant, why}. */
  function fault(name, value, today) {
    var key = table.keys[name];
    if (!key) return null;
    var row = listOf(name).get(value);
    if (!row || !hasForm(key, value)) {
      var meant = row ? null : aliasOf(name, value);
      var why = meant ? "" : pretends(name, key, value);
      if (why) return { rule: "placeholder-value", severity: "error", meant: null, why: why };
      if (key.closed || meant || !hasForm(key, value)) return { rule: "value-not-allowed", severity: "error", meant: meant };
    }
    if (!row || !row[2]) return null;
    return {
      rule: "deprecated-value",
      severity: row[3] && today > row[3] ? "error" : "warning",
      until: row[3],
      meant: row[4] || null
    };
  }

  /** The values of `match`'s key that go with the other key's value; null where any does. */
  function allowed(match, tags) {
    var rows = table.rows[match[1] + "." + match[2]];
    var of = tags[match[1]];
    var row = rows && of ? canonical(match[1], of) : "";
    if (!row || !rows[row]) return null;
    return rows[row].map(function (each) { return canonical(match[0], each); });
  }

  function mismatched(match, tags, today) {
    var value = tags[match[0]];
    if (!value) return false;
    value = canonical(match[0], value);
    var wrong = fault(match[0], value, today);
    if (wrong && wrong.rule !== "deprecated-value") return false;
    var fitting = allowed(match, tags);
    return fitting !== null && fitting.indexOf(value) < 0;
  }

  /** A value in the form of a label: lower case, `@` as `_at_`, what labels forbid as `_`. */
  function toLabel(value) {
    return value.toLowerCase().replace(/@/g, "_at_").replace(/[^\p{L}\p{N}_-]/gu, "_");
  }

  var forms = new Map();

  /** The dictionary value that a gate will see in a label: an approved value or alias, an e-mail address, or just that. */
  function fromLabel(name, label) {
    if (Array.from(label).length > 63) return label;
    if (!forms.has(name)) {
      var known = new Map();
      var add = function (value) { if (!known.has(toLabel(value))) known.set(toLabel(value), value); };
      Array.from(listOf(name).keys()).forEach(add);
      Object.keys((table.keys[name] || {}).aliases || {}).forEach(add);
      forms.set(name, known);
    }
    if (forms.get(name).has(label)) return forms.get(name).get(label);
    var at = label.lastIndexOf("_at_");
    var mail = (table.keys[name] || {}).format === "email" && at > 0 && label.indexOf("@") < 0;
    if (!mail || label.slice(at + 4).indexOf(".") >= 0) return label;
    return label.slice(0, at) + "@" + label.slice(at + 4).replace(/_/g, ".");
  }

  /** The tags as a gate sees them on a cloud, which may know labels only. */
  function seen(tags, cloud) {
    if (!cloud.labels) return tags;
    var found = bare();
    Object.keys(tags).forEach(function (key) {
      var free = cloud.annotations.indexOf(key) >= 0 || !tags[key];
      found[key] = free ? tags[key] : fromLabel(key, toLabel(tags[key]));
    });
    return found;
  }

  /** What a resource must carry and what is wrong with what it carries.
   *
   * `names` are those of its type (`judge` knows a Pulumi token by its other names too), `classes` its classes, `tags`
   * key to value, `today` a day. `demands` has an entry for each key that is asked for ({key, severity, requirement,
   * because, later}), the gravest requirement first named; `later` is the day from which one that is only recommended
   * is required. `findings` has one for each rule and key ({rule, key, severity, requirement}), as `judge` has them. */
  function decide(resource) {
    var tags = bare(resource.tags);
    var today = resource.today;
    var demands = new Map();
    var found = new Map();

    function add(rule, key, grade, requirement, order) {
      var name = rule + "\n" + key;
      var known = found.get(name);
      if (known && (RANK[known.severity] - RANK[grade] || known.order - order) <= 0) return;
      found.set(name, { rule: rule, key: key, severity: grade, requirement: requirement, order: order });
    }

    var applied = [];
    table.requirements.forEach(function (rule, order) {
      if (!selects(rule, resource.names, resource.classes) || !holds(rule, tags)) return;
      var grade = severity(rule, today);
      applied.push(rule);
      (rule.require || []).forEach(function (key) {
        var demand = demands.get(key) || { key: key, severity: grade, requirement: rule.id, because: [] };
        if (RANK[grade] < RANK[demand.severity]) {
          demand.severity = grade;
          demand.requirement = rule.id;
        }
        demand.because.push(rule);
        if (grade !== "error" && rule.from && (!demand.later || rule.from < demand.later)) demand.later = rule.from;
        demands.set(key, demand);
        if (!tags[key]) add("missing-tag", key, grade, rule.id, order);
      });
      (rule.match || []).forEach(function (match) {
        if (mismatched(match, tags, today)) add("mismatched-tags", match[0], grade, rule.id, order);
      });
      (rule.exclusive || []).forEach(function (group) {
        var there = group.filter(function (key, at) { return tags[key] && group.indexOf(key) === at; });
        if (there.length > 1) add("mismatched-tags", group[0], grade, rule.id, order);
      });
    });
    Object.keys(tags).forEach(function (key) {
      var wrong = tags[key] ? fault(key, tags[key], today) : null;
      if (wrong) add(wrong.rule, key, wrong.severity, "", -1);
    });
    return {
      applied: applied,
      demands: Array.from(demands.values()).sort(function (a, b) { return RANK[a.severity] - RANK[b.severity]; }),
      findings: Array.from(found.values())
    };
  }

  tagwright.glob = glob;
  tagwright.rules = { bare: bare, decide: decide, fault: fault, allowed: allowed, canonical: canonical, listOf: listOf,
    toLabel: toLabel, seen: seen };
})();
