// Comfort only; every page works without it.

/** To the next match, or the one before; from outside of them to the first, or the last. */
function step(by) {
  const last = document.querySelectorAll("mark[id]").length;
  if (!last) return;
  const here = /^#m(\d+)$/.exec(location.hash);
  const next = here ? Number(here[1]) + by : by > 0 ? 1 : last;
  if (next >= 1 && next <= last) location.hash = `m${next}`;
}

/**
 * The focus to the next hit or line, or the one before; from outside of them to the first, or the last.
 * On a statement's page to the next one itself, or the one before.
 */
function move(by) {
  document.querySelector(`.back a[rel=${by > 0 ? "next" : "prev"}]`)?.click();
  const links = [...document.querySelectorAll(".hit h2 a, .hit h3 a, .kwic .match a")];
  const here = links.indexOf(document.activeElement);
  const next = here >= 0 ? here + by : by > 0 ? 0 : links.length - 1;
  links[next]?.focus();
}

const KEYS = {
  "/": () => {
    const box = document.getElementById("q");
    box.focus();
    box.select();
  },
  n: () => step(1),
  p: () => step(-1),
  j: () => move(1),
  k: () => move(-1),
  "?": () => document.querySelector("a[rel=help]")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const act = Object.hasOwn(KEYS, event.key) && KEYS[event.key];
  if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});

/** Buttons that copy a text; where a page may not, the text is selected for the reader to copy. */
for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies);
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Selected: press Ctrl+C";
    }
  });
}
