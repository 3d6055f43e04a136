/* Search over keys and values. The index is loaded when somebody is about to search, then each answer is one pass. */
(function () {
  "use strict";

  var MOST = 50;
  var SHOWN = 120;
  var keys = [];
  var rows = [];
  var texts = [];
  var expected = null;
  var arrived = 0;
  var waiting = null;

  /** Small letters without accents: `Crédit` is found as `credit`. */
  function fold(text) {
    var lower = text.toLowerCase();
    return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
  }

  tagwright.index = function (head) {
    keys = head.keys.map(function (key) {
      return { name: key[0], title: key[1], file: key[2], about: key[3], approvers: key[4], standing: key[5] };
    });
    keys.forEach(function (key) {
      key.exact = fold(key.name);
      key.text = [key.name, key.title, key.approvers, key.about].map(fold).join("\n");
    });
    expected = head.shards;
  };

  tagwright.shard = function (number, found) {
    var folded = found.map(function (row) {
      var parts = [row[1], row[3] || ""].concat(row[4] || [], row[5] || "", row[6] || "", row[8] || [], row[9] || "");
      return fold(parts.join("\n"));
    });
    rows[number] = found;
    texts[number] = folded;
    arrived++;
  };

  /** Load the index, and call `step` whenever more of it is there. */
  function ready(step) {
    if (!waiting) {
      waiting = tagwright.load("search/index.js").then(function () {
        return Promise.all(expected.map(function (name) {
          return tagwright.load("search/" + name).then(function () { if (arrived < expected.length) step(); });
        }));
      });
      waiting.catch(function () { waiting = null; });
    }
    return waiting;
  }

  /** How well a text answers a word: 0 its name is the word, 1 another part is, 2 the name begins with it, 3 a part
   * does, 4 a word does, 5 holds it, -1 does not. A text is its parts joined by line ends, the name first. */
  function rank(text, word) {
    var at = text.indexOf(word);
    if (at < 0) return -1;
    var best = 5;
    while (at >= 0) {
      var end = at + word.length;
      var whole = end === text.length || text[end] === "\n";
      if (at === 0) {
        if (whole) return 0;
        best = 2;
      } else if (text[at - 1] === "\n") {
        if (whole) return 1;
        if (best > 3) best = 3;
      } else if (best > 4 && " -_.:/@".indexOf(text[at - 1]) >= 0) best = 4;
      if (best === 2) return best;
      at = text.indexOf(word, at + 1);
    }
    return best;
  }

  function score(text, words) {
    var sum = 0;
    for (var i = 0; i < words.length; i++) {
      var one = rank(text, words[i]);
      if (one < 0) return -1;
      sum += one;
    }
    return Math.min(sum, 12);
  }

  /** The words of a query; `team:vis` looks for "vis" among the values of one key only. */
  function parse(query) {
    var asked = { words: [], only: -1 };
    fold(query).split(/\s+/).filter(Boolean).forEach(function (word) {
      var at = keys.findIndex(function (key) { return word.startsWith(key.exact + ":"); });
      var rest = at < 0 ? word : word.slice(keys[at].exact.length + 1);
      if (at >= 0) asked.only = at;
      if (rest) asked.words.push(rest);
    });
    return asked;
  }

  /** {count, hits, complete}: the best answers first. */
  function search(query) {
    var asked = parse(query);
    var words = asked.words;
    var only = asked.only;
    var buckets = [];
    var count = 0;
    function put(place, key, row) {
      count++;
      var bucket = buckets[place] || (buckets[place] = []);
      if (bucket.length < MOST) bucket.push({ key: key, row: row });
    }
    if (only < 0 && words.length) {
      keys.forEach(function (key) {
        var place = score(key.text, words);
        if (place >= 0) put(2 * place, key);
      });
    }
    if (words.length || only >= 0) {
      for (var shard = 0; shard < rows.length; shard++) {
        var folded = texts[shard] || [];
        for (var i = 0; i < folded.length; i++) {
          var row = rows[shard][i];
          if (only >= 0 && row[0] !== only) continue;
          var place = score(folded[i], words);
          if (place >= 0) put(2 * place + (row[7] ? 1 : 0), keys[row[0]], row);
        }
      }
    }
    var hits = [].concat.apply([], buckets.filter(Boolean)).slice(0, MOST);
    return { count: count, hits: hits, complete: expected !== null && arrived === expected.length };
  }

  /** Approved values near a word that is none: at most two letters wrong. */
  function near(query) {
    var word = fold(query.trim());
    if (word.length < 3 || word.length > 40) return [];
    var most = word.length < 6 ? 1 : 2;
    var letters = lettersOf(word);
    var found = [];
    rows.forEach(function (shard) {
      shard.forEach(function (row) {
        [row[1]].concat(row[4] || []).some(function (name) {
          if (Math.abs(name.length - word.length) > most) return false;
          var folded = fold(name);
          // An edit takes at most one letter away and brings one: most names are ruled out by that alone.
          if (ones(lettersOf(folded) ^ letters) > 2 * most) return false;
          var away = distance(folded, word, most);
          if (away <= most) found.push([away, row]);
          return away <= most;
        });
      });
    });
    found.sort(function (a, b) { return a[0] - b[0]; });
    return found.slice(0, 5).map(function (each) { return { key: keys[each[1][0]], row: each[1] }; });
  }

  /** Which letters a text has, as bits; several letters share one. */
  function lettersOf(text) {
    var bits = 0;
    for (var i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) % 31);
    return bits;
  }

  function ones(bits) {
    var count = 0;
    for (; bits; bits &= bits - 1) count++;
    return count;
  }

  /** Edits between two short texts; anything above `most` counts as `most + 1`. */
  function distance(a, b, most) {
    var before = [];
    for (var j = 0; j <= b.length; j++) before[j] = j;
    for (var i = 1; i <= a.length; i++) {
      var now = [i];
      var least = i;
      for (j = 1; j <= b.length; j++) {
        now[j] = Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (now[j] < least) least = now[j];
      }
      if (least > most) return most + 1;
      before = now;
    }
    return before[b.length];
  }

  function address(hit) {
    var root = document.body.dataset.root;
    if (!hit.row) return root + "keys/" + hit.key.file + ".html";
    return root + "values/" + hit.key.file + "/" + (hit.row[2] || hit.row[1]) + ".html";
  }

  var el = tagwright.el;

  function answer(hit) {
    var row = hit.row;
    if (!row) {
      return el("li", {}, el("a", { href: address(hit) },
        el("code", {}, hit.key.name), el("span", { class: "what" }, hit.key.title), el("span", { class: "of" }, "key")));
    }
    var more = [];
    if (row[5]) more.push("billing code " + row[5]);
    if (row[6]) more.push(row[6]);
    if (row[4]) more.push("also: " + row[4].slice(0, 4).join(", "));
    if (row[9]) more.push(row[9].length > SHOWN ? row[9].slice(0, SHOWN) + " …" : row[9]);
    return el("li", {}, el("a", { href: address(hit) },
      el("code", {}, row[1]), el("span", { class: "what" }, row[3] || ""), el("span", { class: "of" }, hit.key.title),
      row[7] ? el("span", { class: "badge out" }, "deprecated") : null,
      more.length ? el("small", {}, more.join(" · ")) : null));
  }

  function show(place, query) {
    var found = search(query);
    var list = el("ul", {});
    found.hits.forEach(function (hit) { list.append(answer(hit)); });
    var says = found.count === 1 ? "1 answer" : found.count.toLocaleString("en") + " answers";
    if (found.count > found.hits.length) says += ", the best " + found.hits.length + " are shown";
    if (!found.complete) says = "Looking …";
    var children = [el("p", { class: "count" }, says), list];
    if (found.complete && !found.count) {
      var close = near(query);
      says = close.length ? "No answer. Did you mean " + close[0].row[1] + "?" : "No answer for " + query;
      children = [el("p", { class: "count" }, close.length ? "No answer. Did you mean:" : says)];
      close.forEach(function (hit) { list.append(answer(hit)); });
      if (close.length) children.push(list);
    }
    place.replaceChildren.apply(place, children);
    place.hidden = false;
    if (found.complete) tagwright.say(says);
  }

  function start() {
    var box = document.querySelector("[data-search]");
    if (!box) return;
    var input = box.querySelector("input");
    var place = box.querySelector(".answers");
    var frame = 0;

    function clear() {
      place.hidden = true;
      place.replaceChildren();
    }

    function run() {
      frame = 0;
      var query = input.value;
      if (!query.trim()) return clear();
      show(place, query);
    }

    function soon() {
      if (!frame) frame = requestAnimationFrame(run);
    }

    function changed() {
      if (box.dataset.search === "hero") {
        history.replaceState(null, "", input.value ? "#q=" + encodeURIComponent(input.value) : location.pathname);
      }
      if (!input.value.trim()) return clear();
      ready(soon).then(soon, function (error) {
        place.replaceChildren(el("p", { class: "count" }, "The search index cannot be read: " + error.message));
        place.hidden = false;
      });
      return soon();
    }

    function links() {
      return Array.prototype.slice.call(place.querySelectorAll("a"));
    }

    input.addEventListener("focus", function () { ready(soon); });
    input.addEventListener("pointerenter", function () { ready(soon); });
    input.addEventListener("input", changed);
    box.addEventListener("keydown", function (event) {
      var all = links();
      var at = all.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && all.length) {
        event.preventDefault();
        all[Math.min(at + 1, all.length - 1)].focus();
      } else if (event.key === "ArrowUp" && at >= 0) {
        event.preventDefault();
        (at === 0 ? input : all[at - 1]).focus();
      } else if (event.key === "Escape") {
        input.value = "";
        changed();
        input.focus();
      } else if (event.key === "Enter" && document.activeElement === input && all.length && !place.hidden) {
        all[0].click();
      }
    });
    if (box.dataset.search === "small") {
      box.addEventListener("focusout", function (event) {
        if (!box.contains(event.relatedTarget)) setTimeout(function () {
          if (!box.contains(document.activeElement)) place.hidden = true;
        }, 100);
      });
      input.addEventListener("focus", function () { if (place.children.length) place.hidden = false; });
    }
    document.addEventListener("keydown", function (event) {
      var typing = /^(input|select|textarea)$/i.test(event.target.tagName);
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.focus();
      }
    });
    function fromAddress() {
      var given = /^#q=(.*)$/.exec(location.hash);
      if (!given || box.dataset.search !== "hero") return;
      try { input.value = decodeURIComponent(given[1]); } catch (e) { input.value = given[1]; }
      changed();
    }
    window.addEventListener("hashchange", fromAddress);
    fromAddress();
    if (box.dataset.search === "hero" && "requestIdleCallback" in window) requestIdleCallback(function () { ready(soon); });
  }

  tagwright.search = search;
  tagwright.searchReady = function () { return ready(function () {}); };
  document.addEventListener("DOMContentLoaded", start);
})();
