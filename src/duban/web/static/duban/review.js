// Keyboard for 审核 and 核定: j and k move from row to row, a accepts or determines, r goes to the reason of a return, x ticks.
// After an act the address names the row to go on with. Works without it.
"use strict";

const next = document.getElementById(window.location.hash.slice(1));
if (next && next.matches("tr[data-row]")) {
  goTo(next);
}

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !"jkarx".includes(event.key)) {
    return;
  }
  const rows = [...document.querySelectorAll("tr[data-row]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[here];
  if (event.key === "j" || event.key === "k") {
    goTo(rows[event.key === "j" ? here + 1 : Math.max(0, here - 1)]);
  } else if (row && event.key === "a") {
    row.querySelector("button.accept")?.click();
  } else if (row && event.key === "r") {
    event.preventDefault();
    row.querySelector("select[name^=phrase-]")?.focus();
  } else if (row && event.key === "x") {
    row.querySelector("input[name=tick]")?.click();
  }
});

function goTo(row) {
  if (row) {
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }
}
