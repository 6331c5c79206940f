// A unit's sheet: how many characters are left, and “no change” greys the text it replaces. The page works without it.
"use strict";

for (const area of document.querySelectorAll("textarea[data-count]")) {
  const count = document.createElement("span");
  count.className = "count";
  count.setAttribute("aria-live", "polite");
  const same = area.closest("td").querySelector("input[data-same]");
  const tell = () => {
    count.textContent = `${area.value.length}/${area.maxLength}`;
    area.readOnly = Boolean(same && same.checked);
  };
  area.after(count);
  area.addEventListener("input", tell);
  if (same) {
    same.addEventListener("change", tell);
  }
  tell();
}
