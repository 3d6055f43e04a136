/* The form of "which tags do I need?". */
(function () {
  "use strict";

  var INLINE = 300;
  var OFFERED = 40;
  var CLOUDS = { aws: "AWS", gcp: "Google Cloud", azure: "Azure", kubernetes: "Kubernetes" };
  var el = tagwright.el;
  var rules = tagwright.rules;
  var words = tagwright.words;
  var table;
  var state = { cloud: "aws", kind: "", type: null, other: "", gpu: false, language: "", recommended: true, day: "", values: Object.create(null) };

  function at(id) { return document.getElementById(id); }

  /** The day that is asked about. */
  function day() { return state.day || tagwright.today(); }

  function nameOf(type) { return type[4] || type[1] || type[2]; }

  function typesOf(cloud) {
    return table.types.filter(function (type) { return type[0] === cloud; });
  }

  function inKind(type, kind) {
    return !kind || type[5].indexOf(kind) >= 0 || (kind === "gpu" && type[6] > 0);
  }

  /** The type in hand; one whose name was typed is found, or made up with nothing known of it. */
  function chosen() {
    if (state.type) return state.type;
    var name = state.other.trim();
    var known = table.types.find(function (type) {
      return name && [type[1], type[2], type[3], type[4]].indexOf(name) >= 0;
    });
    if (known) return known;
    var shape = { aws: ["tags", "map", 1], gcp: ["labels", "labels", 1], azure: ["tags", "map", 0] }[state.cloud];
    if (state.cloud === "kubernetes") return [state.cloud, 0, 0, 0, name || "Example", [], 0, 0, 0, 0, 0];
    return [state.cloud, name || "your_type", 0, 0, 0, [], 0, shape, 0, 0, 0];
  }

  function classesOf(type) {
    var gpu = type[6] === 1 || (type[6] === 2 && state.gpu);
    return type[5].filter(function (each) { return each !== "gpu"; }).concat(gpu ? ["gpu"] : []);
  }

  function languageOf(type) {
    var all = tagwright.snippets.languages(type);
    return all.find(function (each) { return each.id === state.language; }) || all[0];
  }

  function conditionKeys() {
    var names = [];
    table.requirements.forEach(function (rule) {
      (rule.when || []).forEach(function (term) { if (names.indexOf(term[0]) < 0) names.push(term[0]); });
    });
    return names;
  }

  function titleOf(name) { return (table.keys[name] || {}).title || name; }

  function pairsFor(demands) {
    var names = demands.filter(function (demand) {
      return demand.severity === "error" || state.recommended || state.values[demand.key];
    }).map(function (demand) { return demand.key; });
    conditionKeys().forEach(function (name) {
      if (state.values[name] && names.indexOf(name) < 0) names.push(name);
    });
    return names.map(function (name) {
      var value = state.values[name] || "";
      return { key: name, value: value || "<" + titleOf(name).toLowerCase() + ">", open: !value };
    });
  }

  function decide() {
    var type = chosen();
    var language = languageOf(type);
    var tags = Object.create(null);
    Object.keys(state.values).forEach(function (key) { if (state.values[key]) tags[key] = state.values[key]; });
    var resource = { names: language.types, classes: classesOf(type), tags: tags, today: day() };
    var first = rules.decide(resource);
    // Tags that were filled in and are asked for no more (the type changed) play no part.
    var wanted = first.demands.map(function (demand) { return demand.key; }).concat(conditionKeys());
    Object.keys(tags).forEach(function (key) { if (wanted.indexOf(key) < 0) delete tags[key]; });
    resource.tags = rules.seen(tags, table.clouds[type[0]]);
    var decision = rules.decide(resource);
    var pairs = tagwright.snippets.encoded(pairsFor(decision.demands), table.clouds[type[0]]);
    pairs.forEach(function (pair) {
      var wrong = tagwright.broken(table.limits[type[0]], language.types, pair);
      if (wrong) decision.findings.push({ rule: "invalid-tag", key: pair.key, severity: "error", says: wrong });
    });
    return { type: type, language: language, tags: resource.tags, pairs: pairs, decision: decision };
  }

  /* ---- controls ---- */

  function setValue(name, value) {
    var trimmed = value.trim();
    state.values[name] = trimmed ? rules.canonical(name, trimmed) : "";
  }

  /** The values to choose from: those that go with the other tags first of all; null for an open key. */
  function offered(name, applied) {
    var key = table.keys[name];
    var fitting = null;
    applied.forEach(function (rule) {
      (rule.match || []).forEach(function (match) {
        var some = match[0] === name ? rules.allowed(match, state.values) : null;
        if (some) fitting = fitting ? fitting.filter(function (each) { return some.indexOf(each) >= 0; }) : some;
      });
    });
    var list = rules.listOf(name);
    if (!key || !key.closed) return fitting && fitting.map(function (each) { return [each]; });
    if (fitting) return fitting.filter(function (each) { return list.has(each); }).map(function (each) { return list.get(each); });
    return key.values.filter(function (value) { return !value[2] || value[0] === state.values[name]; });
  }

  function control(name, id, applied) {
    var options = offered(name, applied);
    var key = table.keys[name] || {};
    var value = state.values[name] || "";
    if (options && options.length <= INLINE && (key.closed || options.length)) {
      var select = el("select", { id: id, "data-key": name }, el("option", { value: "" }, "choose …"));
      options.forEach(function (option) {
        select.append(el("option", { value: option[0], selected: option[0] === value },
          option[1] ? option[0] + " · " + option[1] : option[0]));
      });
      if (value && !options.some(function (option) { return option[0] === value; })) {
        select.append(el("option", { value: value, selected: true }, value));
      }
      return select;
    }
    var input = el("input", {
      id: id, type: "text", "data-key": name, value: value, autocomplete: "off", spellcheck: "false", maxlength: "256",
      placeholder: key.closed ? "type to find one of " + key.count.toLocaleString("en") : tagwright.visible((key.examples || [])[0] || "")
    });
    if (options) input.setAttribute("list", id + "-list");
    return input;
  }

  /** Some values that hold what is typed; a list of all would take the browser seconds. */
  function suggestions(input, options) {
    var typed = input.value.trim().toLowerCase();
    var list = at(input.id + "-list");
    var found = [];
    for (var i = 0; i < options.length && found.length < OFFERED; i++) {
      var text = options[i][0] + " " + (options[i][1] || "");
      if (!typed || text.toLowerCase().indexOf(typed) >= 0) found.push(options[i]);
    }
    list.replaceChildren.apply(list, found.map(function (option) {
      return el("option", { value: option[0] }, option[1] || "");
    }));
  }

  /** What is wrong with the value of a key, in words. */
  function says(finding, name, value) {
    var rule = table.requirements.filter(function (each) { return each.id === finding.requirement; });
    var fitting = finding.rule === "mismatched-tags" ? offered(name, rule) : null;
    // A key that a cloud does not allow has no value yet.
    var wrong = value ? rules.fault(name, value, day()) : null;
    return words.says(finding, value, table.keys[name] || {}, wrong, fitting);
  }

  /* ---- drawing ---- */

  function drawChoices() {
    at("clouds").replaceChildren.apply(at("clouds"), Object.keys(CLOUDS).map(function (name) {
      return el("label", { class: "choice" },
        el("input", { type: "radio", name: "cloud", value: name, checked: name === state.cloud }), el("span", {}, CLOUDS[name]));
    }));
    var types = typesOf(state.cloud);
    var kinds = Object.keys(table.classes).filter(function (kind) {
      return types.some(function (type) { return inKind(type, kind); });
    });
    if (kinds.indexOf(state.kind) < 0) state.kind = state.kind === "" ? "" : kinds[0] || "";
    at("kind").replaceChildren.apply(at("kind"), [el("option", { value: "" }, "all kinds")].concat(kinds.map(function (kind) {
      return el("option", { value: kind, selected: kind === state.kind }, table.classes[kind]);
    })));
    var fitting = types.filter(function (type) { return inKind(type, state.kind); });
    if (state.type && fitting.indexOf(state.type) < 0) state.type = null;
    if (!state.type && !state.other) state.type = fitting[0] || null;
    at("type").replaceChildren.apply(at("type"), fitting.map(function (type) {
      return el("option", { value: nameOf(type), selected: type === state.type }, nameOf(type));
    }).concat(el("option", { value: "", selected: !state.type }, "another type …")));
    at("other-field").hidden = Boolean(state.type);
    at("other").value = state.other;
  }

  function drawConditions() {
    var names = conditionKeys();
    at("conditions").replaceChildren.apply(at("conditions"), names.map(function (name) {
      var id = "when-" + names.indexOf(name);
      var field = control(name, id, []);
      return el("div", { class: "field" }, el("label", { for: id }, titleOf(name)), field,
        field.hasAttribute("list") ? el("datalist", { id: id + "-list" }) : null);
    }));
  }

  var rows = new Map();

  /** The row of a key. Its control stays the same element as long as it offers the same: focus and what is being typed
   * must not be lost when something else changes. */
  function rowOf(name, applied) {
    var above = conditionKeys().indexOf(name) >= 0;
    var some = above ? null : offered(name, applied);
    var offers = some && some.length > INLINE ? "long " + some.length : JSON.stringify(some);
    var row = rows.get(name);
    if (row && row.offers === offers) return row;
    var id = "tag-" + Object.keys(table.keys).indexOf(name);
    row = { offers: offers, field: above ? null : control(name, id, applied) };
    row.badge = el("span", {});
    row.later = el("span", { class: "badge soon" });
    row.given = above ? el("span", { class: "given" }) : null;
    row.why = el("small", { id: id + "-about" });
    row.item = el("li", {},
      el(above ? "span" : "label", above ? { class: "label" } : { for: id }, titleOf(name), " ", el("code", {}, name)),
      el("span", { class: "badges" }, row.badge, row.later), above ? row.given : row.field,
      row.field && row.field.hasAttribute("list") ? el("datalist", { id: id + "-list" }) : null, row.why);
    if (row.field) row.field.setAttribute("aria-describedby", id + "-about");
    rows.set(name, row);
    return row;
  }

  /** Make `children` the children of `place`, and touch none that is in its place already. */
  function arrange(place, children) {
    children.forEach(function (child, number) {
      if (place.children[number] !== child) place.insertBefore(child, place.children[number] || null);
    });
    while (place.children.length > children.length) place.lastElementChild.remove();
  }

  function drawTags(decision, type, tags) {
    var items = decision.demands.map(function (demand) {
      var name = demand.key;
      var must = demand.severity === "error";
      var row = rowOf(name, decision.applied);
      var findings = decision.findings.filter(function (each) { return each.key === name && each.rule !== "missing-tag"; });
      row.badge.className = "badge " + (must ? "must" : "should");
      row.badge.textContent = must ? "required" : "recommended";
      row.later.textContent = must || !demand.later ? "" : "required from " + demand.later;
      row.later.hidden = !row.later.textContent;
      if (row.given) row.given.textContent = state.values[name] || "choose it above";
      if (row.field && row.field !== document.activeElement) row.field.value = state.values[name] || "";
      if (row.field) row.field.toggleAttribute("aria-invalid", findings.length > 0);
      if (row.field && findings.length) row.field.setAttribute("aria-invalid", "true");
      row.why.replaceChildren(
        findings.length ? el("strong", { class: "wrong" }, findings.map(function (each) { return says(each, name, tags[name]); }).join("; ") + ". ") : "",
        tagwright.visible((table.keys[name] || {}).about || ""), " ", must ? "Required by " : "Recommended by ");
      demand.because.forEach(function (rule, number) {
        row.why.append(number ? ", " : "", el("a", { href: "requirements.html#" + rule.anchor }, rule.id));
      });
      return row.item;
    });
    arrange(at("tags"), items);
    at("recommended-field").hidden = !decision.demands.some(function (demand) { return demand.severity !== "error"; });
    at("gpu-field").hidden = type[6] !== 2;
    at("gpu").checked = state.gpu;
  }

  function drawDay() {
    at("day").value = day();
    at("day-about").textContent = day() === tagwright.today() ? "Today, " + day() + ". A later day shows what will be asked then."
      : "Not today: this is what is asked on " + day() + ", if the dictionary stays as it is.";
  }

  function drawSnippet(found, announce) {
    var pairs = found.pairs;
    var all = tagwright.snippets.languages(found.type);
    at("languages").replaceChildren.apply(at("languages"), all.map(function (each) {
      return el("button", { type: "button", "data-language": each.id, "aria-pressed": String(each.id === found.language.id) }, each.name);
    }));
    var text = pairs.length ? found.language.write(pairs) : "";
    var shown = el("code", {});
    // Holes stand out; they are text like all else.
    text.split(/(<[^<>"\n]*>)/).forEach(function (part, number) {
      shown.append(number % 2 ? el("mark", {}, part) : document.createTextNode(part));
    });
    var place = at("snippet");
    if (!text) place.replaceChildren(el("p", {}, "Nothing to write."));
    else {
      var still = words.state(pairs, found.decision);
      var button = el("button", { type: "button", class: "copy" }, "Copy");
      button.addEventListener("click", function () { tagwright.copy(button, text, shown); });
      place.replaceChildren(el("div", { class: "bar" }, el("span", still.bad ? { class: "wrong" } : {}, still.text), button), el("pre", { tabindex: "0", role: "region", "aria-label": "Ready to paste as " + found.language.name }, shown));
    }
    var line = words.summary(found.decision);
    if (at("summary").textContent !== line) {
      at("summary").textContent = line;
      if (announce) tagwright.say(line);
    }
    tagwright.snippetText = text;
  }

  var drawing = false;
  var again = false;

  function draw(announce) {
    // Moving the row that has the focus makes the browser report its change in the middle of it.
    again = drawing;
    if (drawing) return;
    drawing = true;
    var found = decide();
    drawTags(found.decision, found.type, found.tags);
    drawSnippet(found, announce);
    remember(found.type);
    drawing = false;
    if (again) draw(announce);
  }

  /* ---- the address keeps what was chosen, so that it can be sent to a colleague ---- */

  function remember(type) {
    var kept = new URLSearchParams({ cloud: state.cloud, type: state.type ? nameOf(type) : state.other });
    if (state.kind) kept.set("kind", state.kind);
    if (state.gpu) kept.set("gpu", "1");
    if (state.language) kept.set("as", state.language);
    if (state.day) kept.set("on", state.day);
    Object.keys(state.values).forEach(function (name) { if (state.values[name]) kept.set("tag." + name, state.values[name]); });
    history.replaceState(null, "", "#" + kept);
  }

  function recall() {
    var kept = new URLSearchParams(location.hash.slice(1));
    var cloud = kept.get("cloud");
    if (!Object.prototype.hasOwnProperty.call(CLOUDS, cloud)) {
      state.kind = Object.keys(table.classes)[0] || "";
      state.gpu = state.kind === "gpu";
      return;
    }
    state.cloud = cloud;
    state.kind = kept.get("kind") || "";
    state.gpu = kept.get("gpu") === "1";
    state.language = kept.get("as") || "";
    state.day = dayOf(kept.get("on") || "");
    var name = kept.get("type") || "";
    state.type = typesOf(cloud).find(function (type) { return nameOf(type) === name; }) || null;
    state.other = state.type ? "" : name;
    kept.forEach(function (value, key) {
      var wanted = key.slice(4);
      if (key.slice(0, 4) === "tag." && table.keys[wanted]) setValue(wanted, value);
    });
  }

  /** A day other than today, or nothing. */
  function dayOf(text) { return /^\d{4}-\d{2}-\d{2}$/.test(text) && text !== tagwright.today() ? text : ""; }

  function changed(event) {
    var target = event.target;
    if (target.name === "cloud") {
      state.cloud = target.value;
      state.type = null;
      state.other = "";
      drawChoices();
      at("clouds").querySelector(":checked").focus();
    } else if (target.id === "kind") {
      state.kind = target.value;
      if (state.kind === "gpu") state.gpu = true;
      state.type = null;
      state.other = "";
      drawChoices();
    } else if (target.id === "type") {
      state.type = typesOf(state.cloud).find(function (type) { return nameOf(type) === target.value; }) || null;
      at("other-field").hidden = Boolean(state.type);
      if (!state.type) at("other").focus();
    } else if (target.id === "other") state.other = target.value;
    else if (target.id === "day") {
      state.day = dayOf(target.value);
      drawDay();
    } else if (target.id === "gpu") state.gpu = target.checked;
    else if (target.id === "recommended") state.recommended = target.checked;
    else if (target.dataset.key) setValue(target.dataset.key, target.value);
    draw(true);
  }

  function typed(event) {
    var input = event.target;
    if (!input.dataset.key || input.tagName !== "INPUT") return;
    if (event.type === "input") {
      state.values[input.dataset.key] = input.value.trim();
      draw(false);
    }
    if (!input.hasAttribute("list")) return;
    var applied = input.id.indexOf("when-") === 0 ? [] : decide().decision.applied;
    suggestions(input, offered(input.dataset.key, applied));
  }

  function start() {
    table = tagwright.tableOf();
    recall();
    Object.keys(table.keys).forEach(function (name) {
      if (table.keys[name].default && !state.values[name]) state.values[name] = table.keys[name].default;
    });
    drawChoices();
    drawConditions();
    drawDay();
    draw(false);
    var form = at("needs");
    form.addEventListener("change", changed);
    form.addEventListener("input", typed);
    form.addEventListener("focusin", typed);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    at("languages").addEventListener("click", function (event) {
      var pressed = event.target.closest("[data-language]");
      if (!pressed) return;
      state.language = pressed.dataset.language;
      draw(true);
      at("languages").querySelector("[aria-pressed=true]").focus();
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
