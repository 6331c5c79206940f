// Keyboard for the check screen: j and k move from doubt to doubt, a confirms, Enter shows the place, z undoes.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const finds = [...document.querySelectorAll("[data-find]")];
  const here = finds.findIndex((find) => find.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = finds[event.key === "j" ? here + 1 : Math.max(0, here - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "a" && here >= 0) {
    finds[here].querySelector("button.first, button.accept")?.click();
  } else if (event.key === "Enter" && event.target === finds[here]) {
    finds[here].querySelector("a.see")?.click();
  } else if (event.key === "z") {
    document.querySelector("button[data-undo]")?.click();
  }
});
