// What Chromium 78 lacks and the diagram viewer uses. A classic script, first on every page.
(function () {
  "use strict";
  function add(target, name, value) {
    if (!target[name]) {
      Object.defineProperty(target, name, { value: value, configurable: true, writable: true });
    }
  }
  function at(index) {
    var whole = Math.trunc(index) || 0;
    return this[whole < 0 ? this.length + whole : whole];
  }
  add(Object, "hasOwn", function (object, key) {
    return Object.prototype.hasOwnProperty.call(object, key);
  });
  add(Array.prototype, "at", at);
  add(String.prototype, "at", at);
  add(Array.prototype, "findLast", function (test, self) {
    for (var i = this.length - 1; i >= 0; i -= 1) {
      if (test.call(self, this[i], i, this)) { return this[i]; }
    }
    return undefined;
  });
  add(Array.prototype, "findLastIndex", function (test, self) {
    for (var i = this.length - 1; i >= 0; i -= 1) {
      if (test.call(self, this[i], i, this)) { return i; }
    }
    return -1;
  });
  add(Array.prototype, "toSorted", function (compare) { return this.slice().sort(compare); });
  add(String.prototype, "replaceAll", function (found, by) {
    return found instanceof RegExp ? this.replace(found, by) : this.split(found).join(by);
  });
  add(Element.prototype, "replaceChildren", function () {
    while (this.lastChild) { this.removeChild(this.lastChild); }
    this.append.apply(this, arguments);
  });
  add(window, "structuredClone", function (value) { return JSON.parse(JSON.stringify(value)); });
  add(window, "WeakRef", function WeakRef(target) { this.deref = function () { return target; }; });
  add(Promise, "allSettled", function (promises) {
    return Promise.all(Array.from(promises, function (promise) {
      return Promise.resolve(promise).then(
        function (value) { return { status: "fulfilled", value: value }; },
        function (reason) { return { status: "rejected", reason: reason }; }
      );
    }));
  });
}());
