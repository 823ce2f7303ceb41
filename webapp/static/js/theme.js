// Light or dark before the first paint: the person's choice, else the system's wish.
// Loaded in the head without defer, so that the page never flashes in the wrong light.
(() => {
  const wish = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("phanbo-theme");
    } catch {
      // Storage may be forbidden by the browser; the system's wish still holds.
    }
    if (chosen === "light" || chosen === "dark") return chosen;
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  };
  document.documentElement.dataset.bsTheme = wish();
})();
