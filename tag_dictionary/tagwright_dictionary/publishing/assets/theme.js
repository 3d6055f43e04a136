/* Before the first paint: the theme the reader has chosen, and that scripts run. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");
  try {
    var chosen = localStorage.getItem("tagwright-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch (e) {
    /* Storage may be forbidden; the system's theme then applies. */
  }
})();
