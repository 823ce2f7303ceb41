// A part of the page is renewed by the server as it was when it was asked for. What a person typed into it
// while the answer was on its way is put back, and the cursor stays where it was.

const typed = new Map();
let underWay = 0;

function remember(event) {
  const field = event.target;
  if (underWay > 0 && field.id && field.name) typed.set(field.id, { value: field.value, checked: field.checked });
}

function putBack() {
  for (const [id, { value, checked }] of typed) {
    const field = document.getElementById(id);
    if (!field || (field.value === value && field.checked === checked)) continue;
    field.value = value;
    field.checked = checked;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function keepWhatIsTypedMeanwhile() {
  document.addEventListener("htmx:before:request", () => {
    if (underWay === 0) typed.clear();
    underWay += 1;
  });
  document.addEventListener("input", remember, true);
  document.addEventListener("htmx:after:swap", putBack);
  document.addEventListener("htmx:finally:request", () => {
    underWay = Math.max(0, underWay - 1);
  });
}
