/* What a cloud itself refuses in a tag (the rule `invalid-tag`): length, characters, form, reserved prefixes. */
(function () {
  "use strict";

  function broken(limit, text) {
    var length = Array.from(text).length;
    if (length < limit.min || length > limit.max) {
      return text ? "has " + length + " characters, allowed are " + limit.min + " to " + limit.max : "is empty";
    }
    if (limit.max_bytes && new TextEncoder().encode(text).length > limit.max_bytes) {
      return "has more than " + limit.max_bytes + " bytes in UTF-8";
    }
    if (limit.lower_case && text !== text.toLowerCase()) return "has upper-case letters";
    if (limit.characters && !new RegExp("^(?:" + limit.characters + ")*$", "u").test(text)) {
      return "has characters other than " + limit.says;
    }
    if (limit.shape && !new RegExp("^(?:" + limit.shape + ")$", "su").test(text)) return limit.shape_says;
    return "";
  }

  /** What is wrong with a tag as a cloud writes it ({name, value, annotation, open}), in words; "" when nothing is. Of an
   * annotation, and of a value that is still to come, only the key is limited. */
  tagwright.broken = function (limits, types, tag) {
    var folded = tag.name.toLowerCase();
    var reserved = limits.reserved.find(function (prefix) { return folded.startsWith(prefix); });
    if (reserved && limits.excepted.indexOf(tag.name) < 0) return "the key begins with " + reserved + ", which " + limits.name + " reserves for itself";
    var key = Object.assign({}, limits.key);
    limits.longest.forEach(function (each) {
      if (each.types.some(function (glob) { return types.some(RegExp.prototype.test, tagwright.glob(glob)); })) key.max = each.most;
    });
    var wrong = broken(key, tag.name);
    if (wrong) return "the key " + wrong + " (" + limits.name + ")";
    wrong = tag.annotation || tag.open ? "" : broken(limits.value, tag.value);
    return wrong ? "the value " + wrong + " (" + limits.name + ")" : "";
  };
})();
