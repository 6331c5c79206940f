// Keyboard for people who review: j and k move, Enter opens, / searches, ? explains. Pages work without it.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "/") {
    const search = document.getElementById("search");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "?") {
    window.location.assign("/help/");
  } else if (event.key === "j" || event.key === "k") {
    move(event.key);
  }
});

const here = document.querySelector(".side a[aria-current]");
if (here) {
  here.parentElement.scrollLeft = here.offsetLeft - 40;
}

function move(key) {
  const step = document.querySelector(`a[data-key="${key}"]`);
  if (step) {
    step.click();
    return;
  }
  const links = [...document.querySelectorAll("table[data-keys] a.t")];
  const here = links.indexOf(document.activeElement);
  const next = links[key === "j" ? here + 1 : Math.max(0, here - 1)];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}
