/** What the bot stored: the tables of its database, to read. Fresh while it is open. */
import { el, icon } from "./dom.js";
import { get } from "./wire.js";

const FRESH_EVERY = 2000;   // ms
const WORDS = "text";       // the column that comes first, where there is one
const CODE = /^[\da-f]{12,}$/i;   // an id or a hash

export class Stored {
  constructor(root, toggle, words) {
    Object.assign(this, { root, toggle, words, table: null });
    this.names = el("div", { class: "table-names", role: "group", "aria-label": words("stored") });
    this.caption = el("p", { class: "table-caption", role: "status" });
    this.rows = el("div", { class: "table-rows", tabindex: "0", role: "region", "aria-label": words("stored") });
    root.append(el("header", {}, el("h2", {}, words("stored")),
      el("button", { class: "icon-button", "aria-label": words("close"), onclick: () => this.setOpen(false) }, icon("close"))),
      this.names, this.caption, this.rows);
    toggle.addEventListener("click", () => this.setOpen(root.hidden));
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.setOpen(false); });
  }

  setOpen(open) {
    this.root.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    clearTimeout(this.timer);
    if (open) this.#refresh();
    else this.toggle.focus();
  }

  async #show(name) {
    this.table = name;
    await this.#refresh();
    this.names.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: "nearest" });
  }

  async #refresh() {
    try {
      if (!document.hidden) await this.#draw();
    } catch {
      this.caption.textContent = this.words("lost");
    }
    clearTimeout(this.timer);
    if (!this.root.hidden) this.timer = setTimeout(() => this.#refresh(), FRESH_EVERY);
  }

  async #draw() {
    const { tables } = await get("/playground/stored");
    tables.sort((one, other) => (other.count > 0) - (one.count > 0));   // the empty ones last
    if (!tables.some(({ name }) => name === this.table)) this.table = null;
    const page = this.table ? await get(`/playground/stored/${encodeURIComponent(this.table)}`) : null;
    const seen = JSON.stringify([tables, page, this.table]);
    if (seen === this.seen) return;
    this.seen = seen;
    this.#drawNames(tables);
    this.rows.replaceChildren(...(page?.rows.length ? [this.#grid(page)] : []));
    this.caption.textContent = this.#captionOf(tables, page);
  }

  #captionOf(tables, page) {
    if (!tables.length) return this.words("stored.none");
    if (!page) return this.words("stored.pick");
    if (!page.rows.length) return this.words("stored.empty");
    return this.words("stored.newest", { n: page.rows.length, all: page.count });
  }

  #drawNames(tables) {
    const focused = document.activeElement?.dataset?.table;
    this.names.replaceChildren(...tables.map(({ name, count }) => el("button", { "data-table": name, class: count ? "chip" : "chip empty",
      "aria-pressed": String(name === this.table), "aria-label": `${plain(name)}, ${this.words("stored.rows", { n: count })}`,
      onclick: () => this.#show(name) }, plain(name), el("span", { class: "count" }, String(count)))));
    if (focused) this.names.querySelector(`[data-table="${CSS.escape(focused)}"]`)?.focus();
  }

  #grid({ columns, rows }) {
    const order = [...columns.keys()].sort((a, b) => (columns[b] === WORDS) - (columns[a] === WORDS));
    return el("table", {}, el("thead", {}, el("tr", {}, order.map((i) => el("th", { scope: "col" }, plain(columns[i]))))),
      el("tbody", {}, rows.map((row) => el("tr", {}, order.map((i) => cell(row[i], columns[i]))))));
  }
}

/** Keys and pseudonyms are cut short, so that there is room for words. */
function cell(value, column) {
  if (value === null) return el("td", { class: "nothing" }, "—");
  const text = String(Number.isFinite(value) ? Number(value.toFixed(4)) : value);
  return CODE.test(text) ? el("td", { class: "code", dir: "ltr", title: text }, text) : el("td", { class: column === WORDS ? "words" : null, dir: "auto" }, text);
}

const plain = (name) => name.replaceAll("_", " ");
