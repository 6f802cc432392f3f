/** The playground's own controls: clock, links, people, sample data, fresh start, theme. */
import { ask, choice, field } from "./dialogs.js";
import { icon } from "./dom.js";
import { localeOf } from "./words.js";

const THEME_KEY = "together.theme";
const DAY = 86_400;
const byId = (id) => document.getElementById(id);

export class Toolbar {
  /** page: {store, words, language, post(path, body) -> promise of the reply or null, open(id, text), added(id)} */
  constructor(page) {
    this.page = page;
    this.#dress(page.words);
    document.querySelectorAll("[data-advance]").forEach((button) =>
      button.addEventListener("click", () => page.post("/playground/clock", { advance: Number(button.dataset.advance) })));
    byId("clock-now").addEventListener("click", () => page.post("/playground/clock", { now: true }));
    byId("clock-custom").addEventListener("click", () => this.#moveClock());
    byId("open-link").addEventListener("click", () => this.#openLink());
    byId("add-person").addEventListener("click", () => this.#addPerson());
    byId("sample").addEventListener("click", () => this.#fill());
    byId("reset").addEventListener("click", () => this.#reset());
    byId("theme").addEventListener("click", () => this.#setTheme(this.#isDark() ? "light" : "dark"));
    byId("tools-toggle").addEventListener("click", () => this.#fold());
    this.#setTheme(localStorage.getItem(THEME_KEY));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#setTheme(null));
    setInterval(() => this.tick(), 1000);
    addEventListener("resize", () => this.#fit());
    this.#fit();
  }

  /** Shows the time everyone here lives by, in the browser's own zone. */
  tick() {
    const now = new Date(this.page.store.now() * 1000);
    const face = byId("clock-face");
    const time = now.toLocaleString(localeOf(this.page.language),
      { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    const moved = Math.abs(this.page.store.clock.offset) > 1;
    const fits = face.textContent.length === time.length && byId("clock-now").hidden === !moved;
    face.textContent = time;
    face.dateTime = now.toISOString();
    face.classList.toggle("moved", moved);
    byId("clock-now").hidden = !moved;
    if (!fits) this.#fit();
  }

  /** Tells how the bot's process is: a word in the bar, and a notice when something is wrong. */
  showProcess({ state, seconds = 0, lines = [] }) {
    const { words } = this.page;
    const line = words(`bot.${state}`, { seconds });
    const trouble = state === "restarting" || state === "failed";
    byId("bot-state").dataset.state = state;
    byId("bot-state").textContent = trouble ? "" : line;
    this.#fit();
    this.setNotice(trouble ? [line, ...lines].join("\n") : "");
  }

  setNotice(text) {
    const notice = byId("notice");
    if (notice.textContent !== text) notice.textContent = text;
    notice.hidden = !text;
  }

  #dress(words) {
    document.querySelectorAll("[data-word]").forEach((node) => {
      node.textContent = words(node.dataset.word);
      if (node.classList.contains("tool")) node.title = words(node.dataset.word);   // shown alone where room is short
    });
    document.querySelectorAll("[data-word-label]").forEach((node) => {
      node.setAttribute("aria-label", words(node.dataset.wordLabel));
      if (node.tagName === "BUTTON") node.title = words(node.dataset.wordLabel);
    });
    document.querySelectorAll("[data-icon]").forEach((node) => node.prepend(icon(node.dataset.icon)));
  }

  /** Keeps the tools to one row: first the bot loses its words, then the tools their names, the sample data last. */
  #fit() {
    const tools = byId("tools");
    const [first, last] = [tools.firstElementChild, tools.lastElementChild];
    for (const room of ["wide", "close", "snug", "tight"]) {
      tools.dataset.room = room;
      if (last.offsetTop < first.offsetTop + first.offsetHeight) return;
    }
  }

  async #moveClock() {
    const { words } = this.page;
    const number = { type: "number", min: "0", max: "3650", value: "0", required: true };
    const fields = ["days", "hours", "minutes"].map((unit) => field(words(`clock.${unit}`), unit, number));
    const given = await ask({ title: words("clock.how-far"), yes: words("clock.move"), no: words("cancel"), fields });
    const advance = given && given.days * DAY + given.hours * 3600 + given.minutes * 60;
    if (advance) this.page.post("/playground/clock", { advance });
  }

  async #openLink() {
    const { words, store } = this.page;
    const people = [...store.people.values()].filter((person) => !person.members).map((person) => ({ value: person.id, text: person.first_name }));
    const given = await ask({ title: words("link"), yes: words("link.open"), no: words("cancel"), fields: [
      field(words("link.field"), "text", { required: true, placeholder: `t.me/${store.bot.username}?start=…`, dir: "ltr" }),
      choice(words("link.as"), "person", people)] });
    if (given) this.page.open(Number(given.person), given.text);
  }

  async #addPerson() {
    const { words } = this.page;
    const given = await ask({ title: words("add"), yes: words("add.do"), no: words("cancel"), fields: [
      field(words("add.name"), "first_name", { required: true, maxlength: "64" }),
      field(words("add.language"), "language_code", { required: true, maxlength: "20", value: this.page.language, dir: "ltr" })] });
    const added = given && await this.page.post("/playground/people", given);
    if (added) this.page.added(added.id);
  }

  async #fill() {
    byId("sample").disabled = true;
    await this.page.post("/playground/sample");
    byId("sample").disabled = false;
  }

  async #reset() {
    const { words } = this.page;
    const sure = await ask({ title: words("reset"), text: words("reset.sure"),
      yes: words("reset.do"), no: words("cancel"), danger: true });
    if (sure) this.page.post("/playground/reset");
  }

  #isDark() { return getComputedStyle(document.documentElement).getPropertyValue("--dark").trim() === "1"; }

  /** "light", "dark", or null to follow the system. */
  #setTheme(theme) {
    if (theme) {
      document.documentElement.dataset.theme = theme;
      localStorage.setItem(THEME_KEY, theme);
    }
    byId("theme").replaceChildren(icon(this.#isDark() ? "sun" : "moon"));
  }

  #fold() {
    const open = byId("tools").classList.toggle("open");
    byId("tools-toggle").setAttribute("aria-expanded", String(open));
  }
}
