"use strict";
// Sorting, searching and filtering the table of learners. Without this the page says the same.
document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  const byId = (id) => document.getElementById(id);
  const body = byId("table").tBodies[0];
  const form = byId("controls"), search = byId("search"), everyone = byId("everyone");
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const SHOWN = 300; // as in style.css
  // Read once: what a row says is not looked up in the document again.
  let rows = Array.from(body.rows, (row) => ({
    row,
    text: (row.textContent + " " + (row.dataset.k || "")).toLowerCase(),
    found: new Set(row.dataset.f.split(" ")),
  }));
  const total = rows.length;

  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = Array.from(form.querySelectorAll("input[type=checkbox]:checked"), (box) => box.value);
    const all = form.querySelector("input[name=how]:checked").value === "all";
    const part = document.createDocumentFragment();
    let count = 0;
    for (const { row, text, found } of rows) {
      const has = (number) => found.has(number);
      const fits = !wanted.length || (all ? wanted.every(has) : wanted.some(has));
      if (fits && words.every((word) => text.includes(word))) {
        part.append(row);
        count += 1;
      }
    }
    body.replaceChildren(part);
    const learners = total.toLocaleString("en") + (total === 1 ? " learner" : " learners");
    byId("count").textContent = count === total ? learners : count.toLocaleString("en") + " of " + learners;
    byId("chosen").textContent = wanted.length ? "(" + wanted.length + ")" : "";
    byId("rest").hidden = count <= SHOWN || body.classList.contains("all");
    everyone.textContent = "Show all " + count.toLocaleString("en");
  }

  function sort(head) {
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    const column = head.cellIndex, text = head.dataset.sort === "text";
    const sign = ascending ? 1 : -1;
    const keyed = rows.map((each) => {
      const cell = each.row.cells[column];
      return { each, key: text ? cell.textContent : Number(cell.dataset.v) };
    });
    keyed.sort((a, b) => sign * (text ? collator.compare(a.key, b.key) : a.key - b.key));
    rows = keyed.map(({ each }) => each);
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    show();
  }

  for (const head of byId("table").tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head));
    head.append(button);
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    form.reset();
    show();
  });
  everyone.addEventListener("click", () => {
    body.classList.add("all");
    show();
  });
  form.hidden = false;
  show();
});
