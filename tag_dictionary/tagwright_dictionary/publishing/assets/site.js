/* What every page does: theme, copy buttons, days that have passed, announcements for screen readers. */
var tagwright = (function () {
  "use strict";

  var root = document.documentElement;

  /** Text with everything that does not print as its code point, so that nothing is hidden or reordered. */
  function visible(text) {
    return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, function (char) {
      return "\\u{" + char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "}";
    });
  }

  /** An element; strings become text, never markup. */
  function el(name, attributes) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      var value = attributes[key];
      if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    });
    for (var at = 2; at < arguments.length; at++) {
      var child = arguments[at];
      if (child === null || child === undefined || child === "") continue;
      made.append(typeof child === "string" ? visible(child) : child);
    }
    return made;
  }

  /** The reader's day as 2027-01-31: deadlines end at the reader's midnight. */
  function today() {
    var now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
      .map(function (part) { return String(part).padStart(2, "0"); })
      .join("-");
  }

  var quiet;

  /** Say something to screen readers, without moving the focus. */
  function say(text) {
    var place = document.getElementById("said");
    clearTimeout(quiet);
    quiet = setTimeout(function () { place.textContent = visible(text); }, 150);
  }

  /** Load a script of this site once; a promise. */
  var loading = {};
  function load(path) {
    if (!loading[path]) {
      loading[path] = new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = document.body.dataset.root + path;
        script.onload = done;
        script.onerror = function () {
          delete loading[path];
          failed(new Error(path + " cannot be loaded"));
        };
        document.head.append(script);
      });
    }
    return loading[path];
  }

  function copied(button, well) {
    var before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = well ? "Copied" : "Press Ctrl+C";
    say(well ? "Copied to the clipboard" : "Selected: press Ctrl+C to copy");
    setTimeout(function () { button.textContent = before; }, 2000);
  }

  /** Copy text; without the clipboard's permission select `shown`, so that the keyboard can. */
  function copy(button, text, shown) {
    var select = function () {
      var range = document.createRange();
      range.selectNodeContents(shown);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      var well = false;
      try { well = document.execCommand("copy"); } catch (e) { well = false; }
      copied(button, well);
    };
    if (!navigator.clipboard) select();
    else navigator.clipboard.writeText(text).then(function () { copied(button, true); }, select);
  }

  var THEMES = ["system", "light", "dark"];
  var SAYS = { system: "as the system", light: "light", dark: "dark" };

  function theme() {
    return THEMES.indexOf(root.dataset.theme) > 0 ? root.dataset.theme : "system";
  }

  function themed(button) {
    button.textContent = { system: "◐", light: "☀", dark: "☾" }[theme()];
    button.setAttribute("aria-label", "Theme: " + SAYS[theme()]);
    button.title = "Theme: " + SAYS[theme()];
  }

  function start() {
    var button = document.getElementById("theme");
    themed(button);
    button.addEventListener("click", function () {
      var next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
      if (next === "system") delete root.dataset.theme;
      else root.dataset.theme = next;
      try {
        if (next === "system") localStorage.removeItem("tagwright-theme");
        else localStorage.setItem("tagwright-theme", next);
      } catch (e) { /* Not remembered, then. */ }
      themed(button);
      say("Theme: " + SAYS[next]);
    });
    document.addEventListener("click", function (event) {
      var pressed = event.target.closest("button[data-copy]");
      if (pressed) copy(pressed, pressed.dataset.copy, pressed.parentElement.querySelector("code"));
    });
    document.querySelectorAll("[data-from]").forEach(function (badge) {
      if (today() < badge.dataset.from) return;
      badge.textContent = badge.dataset.is + " since " + badge.dataset.from;
      badge.classList.replace("soon", "must");
    });
    document.querySelectorAll("[data-begun]").forEach(function (place) {
      place.textContent = today() < place.dataset.begun ? "" : "this day has come";
    });
    document.querySelectorAll("[data-until]").forEach(function (badge) {
      if (today() > badge.dataset.until) {
        badge.textContent = "ended on " + badge.dataset.until + ", refused";
        badge.classList.add("ended");
      }
    });
  }

  document.addEventListener("DOMContentLoaded", start);
  return { el: el, visible: visible, today: today, say: say, load: load, copy: copy };
})();
