// What was kept in this browser comes back with the version it was typed on: when somebody saved
// meanwhile, saving it shows both. Rows are made on the page; other levels or results, by the server.
export function bringBack(grid, event) {
  const kept = event.detail;
  const fields = grid.form.elements;
  const valueOf = (wanted) => kept.find(([name]) => name === wanted)?.[1];
  fields.seen_version.value = valueOf("typed_on") ?? fields.seen_version.value;
  const isForeign = ([name]) => !name.startsWith("lines-") && !fields.namedItem(name);
  if (valueOf("shown_levels") !== fields.shown_levels.value || kept.some(isForeign)) {
    event.preventDefault();
    sendToRebuild(grid.form, kept);
  } else grid.makeRoom(kept.map(([name]) => name));
}

export function sendToRebuild(page, kept, act = "refresh") {
  const form = document.createElement("form");
  form.method = "post";
  form.action = page.action;
  const own = ["csrf_token", "idempotency_key", "seen_version", "kept_sequence"].map((name) => [name, page.elements[name].value]);
  for (const [name, value, choice] of [...own, ...kept, ["act", act]]) {
    if (value === false) continue;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value === true ? choice : value;
    form.append(field);
  }
  page.dataset.sent = "yes";
  document.body.append(form);
  form.submit();
}
