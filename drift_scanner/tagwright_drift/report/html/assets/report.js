/* The list of findings. Text reaches the page only as text (textContent), never as markup. */
(() => {
  "use strict";
  const PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const { now, offset } = JSON.parse(byId("settings").textContent);
  const { count, texts, pooled, columns } = JSON.parse(byId("rows").textContent);
  const isPooled = new Set(pooled);
  const STANDING = ["Overdue", "Due soon", "Open", "Open"];
  const SEVERITY = ["Error", "Warning", "Note"];
  const CHANGE = ["", "new", "came back"];
  const ICONS = {
    red: "M8 1.2 15.2 14H.8L8 1.2Zm-.8 4.6v4h1.6v-4Zm0 5.2v1.6h1.6V11Z",
    yellow: "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8Zm-.8 3.4v4.2l3 2.4 1-1.25-2.4-1.9V4.2Z",
  };

  const text = (name, row) => (isPooled.has(name) ? texts[columns[name][row]] : columns[name][row]);
  const command = (row) => text("command", row).replace("\0", () => columns.address[row]);
  // What a reader would not see as it is: controls, invisible and reordering characters, blanks other than the space.
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
  const shown = (value) => value.replace(HIDDEN, (found) => {
    const code = found.codePointAt(0).toString(16);
    return code.length < 3 ? `\\x${code.padStart(2, "0")}` : code.length < 5 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
  });

  const el = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== false) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  };
  const isolated = (value) => el("bdi", {}, value.trim() ? shown(value) : "(blank)");
  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon"); svg.setAttribute("viewBox", "0 0 16 16"); svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]); svg.append(path);
    return svg;
  };

  const money = (usd) => {
    const digits = usd && usd < 0.01 ? 4 : usd < 100 ? 2 : 0;
    return `$${usd.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
  };
  const counted = (number, noun) => `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
  const duration = (seconds) => {
    const size = Math.abs(seconds) / 60;
    if (size < 120) return counted(Math.floor(size), "minute");
    if (size < 4320) return counted(Math.floor(size / 60), "hour");
    return counted(Math.floor(size / 1440), "day");
  };
  const sign = offset < 0 ? "-" : "+";
  const zone = `${sign}${String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0")}:${String(Math.abs(offset) % 60).padStart(2, "0")}`;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const moment = (seconds) => {
    const at = new Date((seconds + offset * 60) * 1000);
    const clock = `${String(at.getUTCHours()).padStart(2, "0")}:${String(at.getUTCMinutes()).padStart(2, "0")}`;
    return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${clock} ${zone}`;
  };
  const age = (row) => `${columns.least[row] ? "at least " : ""}${duration(now - columns.since[row])}`;
  const due = (row) => {
    const at = columns.due[row];
    if (at === null) return "";
    const words = `${duration(at - now)} ${columns.standing[row] === 0 ? "over" : "left"}`, provided = shown(text("provided", row));
    return columns.certain[row] ? words : provided.startsWith("if ") ? `${words} ${provided}` : `${words} (${provided})`;
  };

  /* filters */
  const STATUS = {
    all: ["Any", () => true],
    breached: ["Overdue", (row) => columns.standing[row] === 0 && !columns.undecided[row]],
    due: ["Due soon", (row) => columns.standing[row] === 1 && !columns.undecided[row]],
    new: ["New", (row) => columns.change[row] === 1],
    again: ["Came back", (row) => columns.change[row] === 2],
    undecided: ["Undecided", (row) => columns.undecided[row] === 1],
    stale: ["Not verified by this scan", (row) => columns.stale[row] === 1],
  };
  const ORDER = {
    urgency: ["Most urgent", null],
    usd: ["Most expensive", (a, b) => (columns.usd[b] ?? -1) - (columns.usd[a] ?? -1)],
    age: ["Oldest", (a, b) => columns.since[a] - columns.since[b]],
    due: ["Due first", (a, b) => (columns.due[a] ?? Infinity) - (columns.due[b] ?? Infinity) || 0],
    name: ["Name", (a, b) => (columns.name[a] < columns.name[b] ? -1 : columns.name[a] > columns.name[b] ? 1 : 0)],
    owner: ["Owner", (a, b) => rank.owner[columns.owner[a]] - rank.owner[columns.owner[b]]],
  };
  const state = { page: 0, order: "urgency", back: false, query: "", status: "all", open: new Set() };
  const rank = { owner: {} };
  const selects = [...document.querySelectorAll("select[data-filter]")];

  const fill = (select, options) => {
    select.replaceChildren(...options.map(([value, label]) => el("option", { value }, label)));
  };
  const facets = (name, none) => {
    const found = new Map();
    for (const at of columns[name]) found.set(at, (found.get(at) || 0) + 1);
    const sorted = [...found].sort((a, b) => b[1] - a[1] || (texts[a[0]] < texts[b[0]] ? -1 : 1));
    const cut = (value) => (value.length > 48 ? `${value.slice(0, 47)}…` : value);
    return [["", "Any"], ...sorted.slice(0, 500).map(([at, n]) => [String(at), `${cut(shown(texts[at])) || none} (${n.toLocaleString("en-US")})`])];
  };
  for (const select of selects) {
    const name = select.dataset.filter;
    if (name === "status") fill(select, Object.entries(STATUS).map(([value, [label]]) => [value, label]));
    else if (name === "severity") fill(select, [["", "Any"], ...SEVERITY.map((label, at) => [String(at), label])]);
    else fill(select, facets(name, name === "owner" ? "Nobody known" : "None"));
    select.addEventListener("change", () => change());
  }
  [...new Set(columns.owner)].sort((a, b) => (texts[a] === "") - (texts[b] === "") || (texts[a] < texts[b] ? -1 : 1))
    .forEach((at, position) => { rank.owner[at] = position; });
  fill(byId("sort"), Object.entries(ORDER).map(([value, [label]]) => [value, label]));

  /* Search: every word must be somewhere. Pooled texts are searched once each, not once a finding. */
  const SEARCHED = ["type", "account", "region", "rule", "key", "message", "owner", "value", "group", "requirement"];
  const lower = texts.map((each) => each.toLowerCase());
  let names = null;
  const matching = (rows, query) => {
    names ??= columns.name.map((name, row) => `${name}\n${columns.address[row]}`.toLowerCase());
    for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
      const hit = lower.map((each) => each.includes(word));
      rows = rows.filter((row) => names[row].includes(word) || SEARCHED.some((name) => hit[columns[name][row]])
        || columns.tags[row].some((at) => hit[at]));
    }
    return rows;
  };

  const every = Array.from({ length: count }, (_, row) => row);
  let rows = every;
  const apply = () => {
    let found = every;
    for (const select of selects) {
      const name = select.dataset.filter, value = select.value;
      if (name === "status") { if (value !== "all") found = found.filter(STATUS[value][1]); }
      else if (value !== "") { const wanted = Number(value), column = columns[name]; found = found.filter((row) => column[row] === wanted); }
    }
    if (state.query.trim()) found = matching(found, state.query);
    const compare = ORDER[state.order][1];
    if (compare) found = [...found].sort((a, b) => compare(a, b) || a - b);
    if (state.back) found = [...found].reverse();
    rows = found;
  };

  /* drawing */
  const copyButton = (label, value, what) => {
    const button = el("button", { type: "button", "aria-label": `${label}: ${what}` }, label);
    button.addEventListener("click", () => copy(value, button, label));
    return button;
  };
  const said = byId("said");
  const copy = async (value, button, label) => {
    let done = false;
    try { await navigator.clipboard.writeText(value); done = true; } catch {
      const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
      area.value = value; document.body.append(area); area.select();
      done = document.execCommand("copy"); area.remove(); button.focus();
    }
    button.textContent = done ? "Copied" : "Not copied";
    said.textContent = done ? "Copied" : "Your browser refused to copy";
    setTimeout(() => { button.textContent = label; said.textContent = ""; }, 1500);
  };

  const stateCell = (row) => {
    const undecided = columns.undecided[row], standing = columns.standing[row];
    const light = undecided ? "" : ["red", "yellow", "", ""][standing];
    const word = undecided ? "Undecided" : STANDING[standing];
    const cell = el("td", { role: "cell" }, el("span", { class: `state ${light || "plain"}` }, light ? icon(light) : null, word));
    const sub = [SEVERITY[columns.severity[row]].toLowerCase(), CHANGE[columns.change[row]], columns.stale[row] ? "not verified" : ""];
    cell.append(el("span", { class: "sub" }, sub.filter(Boolean).join(", ")));
    return cell;
  };
  const COLUMNS = [
    ["Status", "c-status", "urgency", stateCell],
    ["Resource and finding", "c-what", "name", (row) => {
      const more = columns.members[row] > 1 ? el("small", {}, ` and ${(columns.members[row] - 1).toLocaleString("en-US")} more`) : null;
      return el("td", { role: "cell" }, el("span", { class: "name" }, isolated(columns.name[row])), more, el("br"), isolated(text("message", row)),
        el("span", { class: "sub" }, isolated(text("type", row)), " · ", isolated(text("region", row)), " · ", isolated(text("account", row))));
    }],
    ["Owner", "c-owner", "owner", (row) => {
      const owner = text("owner", row), from = text("from", row);
      return el("td", { role: "cell", "data-label": "Owner" }, owner ? isolated(owner) : el("span", { class: "muted" }, "nobody known"),
        owner && from !== "tag" ? el("span", { class: "sub" }, "probably, from ", isolated(from)) : null);
    }],
    ["Open", "c-time", "age", (row) => el("td", { role: "cell", "data-label": "Open" }, age(row), el("span", { class: "sub" }, due(row)))],
    ["A day", "c-usd", "usd", (row) => el("td", { role: "cell", class: "num", "data-label": "A day" }, columns.usd[row] === null ? el("span", { class: "muted" }, "not known") : money(columns.usd[row]),
      columns.estimate[row] ? el("span", { class: "sub" }, "estimate") : null)],
  ];

  const taken = (term, value, label, what) => [el("dt", {}, term), el("dd", { class: "take" }, el("code", {}, shown(value)), copyButton(label, value, what))];
  const told = (term, ...value) => [el("dt", {}, term), el("dd", {}, ...value)];
  const details = (row) => {
    const list = el("dl"), name = shown(columns.name[row]);
    const add = (...parts) => list.append(...parts.flat());
    if (text("command", row)) add(taken("Command", command(row), "Copy command", name));
    if (text("code", row)) add(taken("In code", text("code", row), "Copy code", name));
    if (text("basis", row)) add(told("Value from", isolated(text("basis", row))));
    if (text("help", row)) add(told("How", isolated(text("help", row))));
    if (text("suggestions", row)) add(told("Values", isolated(text("suggestions", row))));
    if (text("chain", row)) add(told("Way to the bill", isolated(text("chain", row))));
    if (text("cause", row)) add(told("Undecided", isolated(text("cause", row))));
    add(taken("Identifier", columns.address[row], "Copy ARN", name));
    if (text("group", row)) add(told("Group", isolated(text("group", row))));
    if (text("classes", row)) add(told("Class", isolated(text("classes", row))));
    if (columns.tags[row].length) add(told("Tags", isolated(columns.tags[row].map((at) => texts[at]).join(", "))));
    if (text("value", row)) add(told("Value now", isolated(text("value", row))));
    add(told("Rule", isolated(text("rule", row)), text("requirement", row) ? " of " : null, text("requirement", row) ? isolated(text("requirement", row)) : null));
    add(told("Open since", `${moment(columns.since[row])}${columns.least[row] ? ", or before: this is when a scan first saw it" : ""}`));
    if (columns.due[row] !== null) {
      add(told("Due", `${moment(columns.due[row])}${text("level", row) ? ` (${shown(text("level", row))})` : ""}${columns.certain[row] ? "" : `, ${shown(text("provided", row))}`}`));
    }
    add(told("Last seen", `${moment(columns.seen[row])}${columns.stale[row] ? ": this scan did not see its cell" : ""}`));
    if (columns.again[row]) add(told("Came back", counted(columns.again[row], "time")));
    if (columns.spent[row] !== null) add(told("Since it began", `${money(columns.spent[row])} at today's rate`));
    return el("td", { role: "cell", colspan: COLUMNS.length + 1 }, el("div", { class: "details" }, list));
  };

  const fixButton = (row) => {
    const fix = command(row) || text("code", row);
    return fix ? copyButton("Copy fix", fix, shown(columns.name[row])) : null;
  };
  const rowOf = (row) => {
    const open = state.open.has(row), id = `row-${row}`;
    const toggle = el("button", { type: "button", "aria-expanded": String(open), "aria-controls": id, "aria-label": `Details: ${shown(columns.name[row])}` }, "Details");
    const made = el("tr", { role: "row", class: open ? "open" : "" }, ...COLUMNS.map(([, , , draw]) => draw(row)), el("td", { role: "cell", class: "do" }, toggle, fixButton(row)));
    const more = el("tr", { role: "row", class: "more-row", id });
    more.hidden = !open;
    if (open) more.append(details(row));
    toggle.addEventListener("click", () => {
      const now_ = more.hidden;
      if (now_ && !more.firstChild) more.append(details(row));
      more.hidden = !now_;
      made.className = now_ ? "open" : "";
      toggle.setAttribute("aria-expanded", String(now_));
      if (now_) state.open.add(row); else state.open.delete(row);
    });
    return [made, more];
  };

  const list = byId("list"), pager = byId("pager"), counter = byId("count"), clear = byId("clear");
  const draw = () => {
    const pages = Math.max(Math.ceil(rows.length / PAGE), 1);
    state.page = Math.min(state.page, pages - 1);
    const from = state.page * PAGE, slice = rows.slice(from, from + PAGE);
    const filtered = rows.length !== count;
    counter.textContent = count === 0 ? "No finding is open."
      : rows.length === 0 ? "No finding matches."
        : `${filtered ? `${counted(rows.length, "finding")} of ${count.toLocaleString("en-US")}` : counted(count, "finding")}${pages > 1 ? `, ${(from + 1).toLocaleString("en-US")} to ${(from + slice.length).toLocaleString("en-US")} shown` : ""}`;
    clear.hidden = !(filtered || state.query);
    if (!slice.length) list.replaceChildren();
    else {
      const head = el("tr", { role: "row" }, ...COLUMNS.map(([label, name, order]) => {
        const sorted = state.order === order;
        const button = el("button", { type: "button" }, label);
        button.addEventListener("click", () => {
          state.back = sorted && !state.back; state.order = order; byId("sort").value = order; change();
          list.querySelector(`th.${name} button`).focus();
        });
        return el("th", { scope: "col", role: "columnheader", class: `${name}${name === "c-usd" ? " num" : ""}`, "aria-sort": sorted ? (state.back ? "descending" : "ascending") : null }, button);
      }), el("th", { scope: "col", role: "columnheader", class: "c-do" }, el("span", { class: "unseen" }, "Details")));
      const body = el("tbody", { role: "rowgroup" });
      body.append(...slice.flatMap(rowOf));
      list.replaceChildren(el("table", { class: "list", role: "table" }, el("caption", { class: "unseen" }, "Open findings"), el("thead", { role: "rowgroup" }, head), body));
    }
    pager.hidden = pages < 2;
    const go = (label, page, off) => {
      const button = el("button", { type: "button" }, label);
      button.disabled = off;
      button.addEventListener("click", () => { state.page = page; draw(); byId("findings-title").focus(); });
      return button;
    };
    pager.replaceChildren(
      go("First", 0, state.page === 0), go("Previous", state.page - 1, state.page === 0),
      el("span", {}, `Page ${(state.page + 1).toLocaleString("en-US")} of ${pages.toLocaleString("en-US")}`),
      go("Next", state.page + 1, state.page === pages - 1), go("Last", pages - 1, state.page === pages - 1));
  };
  const change = () => { state.page = 0; apply(); draw(); };

  const query = byId("q");
  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { state.query = query.value; change(); }, count > 5000 ? 120 : 0);
  });
  byId("sort").addEventListener("change", (event) => { state.order = event.target.value; state.back = false; change(); });
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  const reset = () => {
    for (const select of selects) select.selectedIndex = 0;
    query.value = ""; state.query = "";
  };
  clear.addEventListener("click", () => { reset(); change(); query.focus(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.pick");
    if (!link) return;
    reset();
    const select = selects.find((each) => each.dataset.filter === link.dataset.pick);
    const wanted = link.dataset.value;
    select.value = link.dataset.pick === "owner" ? String(texts.indexOf(wanted)) : wanted;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    change();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, select, textarea")) {
      event.preventDefault(); query.focus(); query.scrollIntoView({ block: "center" });
    }
    if (event.key === "Escape" && event.target === query && query.value) { query.value = ""; state.query = ""; change(); }
  });

  /* theme */
  const root = document.documentElement, theme = byId("theme");
  const THEMES = ["", "light", "dark"];
  const name = (value) => ({ "": "as the system", light: "light", dark: "dark" })[value];
  const show = () => {
    const value = root.dataset.theme || "";
    theme.setAttribute("aria-label", `Theme: ${name(value)}`);
    theme.textContent = `Theme: ${value || "auto"}`;
  };
  theme.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme || "") + 1) % THEMES.length];
    if (next) root.dataset.theme = next; else delete root.dataset.theme;
    try { localStorage.setItem("tagwright-theme", next); } catch { /* kept for this view only */ }
    show();
  });
  show();
  apply();
  draw();
})();
