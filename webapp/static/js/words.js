// Words of the page in the visitor's language, written into the page by the server.
const words = JSON.parse(document.getElementById("page-words")?.textContent ?? "{}");

export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
