/** Who is shown: boxes to tick where phones stand side by side, tabs where there is room for one. */
import { avatar } from "./chat.js";
import { el } from "./dom.js";
import { baseOf } from "./words.js";

const HIDDEN_KEY = "together.hidden";

export class People {
  /** language: of the browser; onChange(isShown(id), current id) is called whenever the choice changes. */
  constructor(root, words, language, onChange) {
    Object.assign(this, { root, words, language, onChange, current: null, badges: new Map() });
    this.hidden = new Set(JSON.parse(localStorage.getItem(HIDDEN_KEY) ?? "[]"));
    this.boxes = el("div", { class: "boxes" });
    this.tabs = el("div", { class: "tabs" });
    root.append(this.boxes, this.tabs);
  }

  draw(people) {
    if (!people.some((person) => person.id === this.current)) this.current = this.#first(people)?.id ?? null;
    this.badges.clear();
    this.boxes.replaceChildren(...people.map((person) => this.#box(person)));
    this.tabs.replaceChildren(...people.map((person) => this.#tab(person)));
    this.onChange((id) => !this.hidden.has(id), this.current);
  }

  /** Who is met first where there is room for one: somebody who speaks the language of the browser. */
  #first(people) {
    return people.find((person) => baseOf(person.language_code) === this.language) ?? people[0];
  }

  /** Shows this person, wherever the choice stood. */
  show(id) {
    this.hidden.delete(id);
    this.#select(id);
    const box = this.boxes.querySelector(`[value="${id}"]`);
    if (box) box.checked = true;
  }

  setUnread(id, count) {
    for (const badge of this.badges.get(id) ?? []) {
      badge.textContent = count;
      badge.hidden = count === 0;
    }
  }

  #box(person) {
    const input = el("input", { type: "checkbox", value: person.id, checked: !this.hidden.has(person.id), onchange: () => {
      if (input.checked) this.hidden.delete(person.id);
      else this.hidden.add(person.id);
      this.#tell();
    } });
    return el("label", { class: "pick" }, input, avatar(person), el("span", { dir: "auto" }, person.first_name),
      person.role === "coordinator" ? el("small", {}, this.words("coordinator")) : null, this.#badge(person.id));
  }

  #tab(person) {
    const current = String(person.id === this.current);
    const select = () => this.#select(person.id);
    return el("button", { class: "tab", "data-tab": person.id, "aria-current": current, onclick: select },
      avatar(person), el("span", { dir: "auto" }, person.first_name), this.#badge(person.id));
  }

  #badge(id) {
    const badge = el("span", { class: "badge", hidden: true });
    this.badges.set(id, [...(this.badges.get(id) ?? []), badge]);
    return badge;
  }

  #select(id) {
    this.current = id;
    for (const tab of this.tabs.children) tab.setAttribute("aria-current", String(Number(tab.dataset.tab) === id));
    this.#tell();
  }

  #tell() {
    localStorage.setItem(HIDDEN_KEY, JSON.stringify([...this.hidden]));
    this.onChange((id) => !this.hidden.has(id), this.current);
  }
}
