/** A group chat with the bot in it: what everybody there sees, and somebody of them who writes. */
import { bubble } from "./bubble.js";
import { avatar } from "./chat.js";
import { el, icon, placeRows } from "./dom.js";
import { Presses, Toast } from "./presses.js";
import { payloadOf } from "./store.js";
import { isRightToLeft, localeOf, wordsIn } from "./words.js";

export class GroupChat {
  /** app: as of a Phone, with say(body) -> promise and open(person id, link); whoever is chosen writes and presses */
  constructor(group, app) {
    this.id = group.id;
    this.app = app;
    this.language = group.language_code;
    this.words = wordsIn(group.language_code);
    this.rows = new Map();   // message_id -> {signature, row}
    this.atEnd = true;
    this.toast = new Toast();
    this.presses = new Presses((body) => app.act(this.#chosen(), "presses", { ...body, chat_id: this.id }),
      (text) => this.toast.show(text));
    this.#build(group);
    this.refresh();
  }

  get group() { return this.app.store.people.get(this.id); }

  /** Redraws what has changed; a message that was edited is drawn anew in its place. */
  refresh() {
    placeRows(this.list, [...this.group.messages.values()].map((message) => this.#row(message)));
    if (this.atEnd) this.toEnd();
  }

  hear(event) {
    if (event.type === "answer") this.presses.answered(event);
    else this.refresh();
  }

  toEnd() { this.list.scrollTop = this.list.scrollHeight; }

  #build(group) {
    const { words } = this;
    const names = group.members.map((member) => member.first_name).join(", ");
    this.list = el("div", { class: "messages", role: "log", "aria-live": "polite", tabindex: "0",
      "aria-label": words("messages", { name: group.first_name }), onscroll: () => this.#scrolled() });
    this.speaker = el("select", { "aria-label": words("group.as") },
      group.members.map((member) => el("option", { value: member.id }, member.first_name)));
    this.field = el("input", { dir: "auto", maxlength: "4096", "aria-label": words("message"), placeholder: words("message"),
      list: "group-commands" });
    const send = el("button", { class: "icon-button send", "aria-label": words("send"), title: words("send") }, icon("send"));
    const command = el("datalist", { id: "group-commands" },
      ["meetings", "panel"].map((name) => el("option", { value: `/${name}@${this.app.store.bot.username}` })));
    const line = el("form", { class: "group-line", onsubmit: (event) => this.#write(event) }, this.speaker, this.field, command, send);
    this.root = el("section", { class: `phone group tint-${Math.abs(group.id) % 7}`, "data-person": group.id,
      lang: localeOf(group.language_code), dir: isRightToLeft(group.language_code) ? "rtl" : "ltr",
      "aria-label": words("chat.of", { name: group.first_name }) },
      el("header", { class: "who" }, avatar(group), el("span", { class: "who-text" },
        el("strong", {}, el("bdi", {}, group.first_name)), el("small", { dir: "auto" }, names))),
      el("div", { class: "room" }, this.list, this.toast.root), el("div", { class: "foot" }, line));
    this.scene = { words, locale: localeOf(group.language_code), zone: group.zone ?? undefined,
      names: { mine: "", theirs: this.app.store.bot.name }, quoted: (id) => this.group.messages.get(id),
      onMenu: () => undefined, press: (message, button) => this.presses.press(message, button),
      taps: { word: words, command: (text) => { this.field.value = text; }, deepLink: (url) => this.#openLink(url) } };
  }

  /** Whoever is chosen, as somebody who does something; what goes wrong is told here, not on their phone. */
  #chosen() { return { id: Number(this.speaker.value), toast: this.toast }; }

  #row(message) {
    const signature = JSON.stringify(message);
    const known = this.rows.get(message.message_id);
    if (known?.signature === signature) return known.row;
    const row = bubble(message, this.scene);
    row.classList.replace("mine", "theirs");
    row.querySelector(".more").remove();
    const author = message.from?.first_name ?? "";
    row.querySelector(".unseen").textContent = `${author}: `;
    row.querySelector(".bubble").prepend(el("strong", { class: "author", dir: "auto", "aria-hidden": "true" }, author));
    this.rows.set(message.message_id, { signature, row });
    return row;
  }

  async #write(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    await this.app.say({ person: Number(this.speaker.value), text });
  }

  /** A link of a card opens on the phone of whoever is chosen as the one who writes. */
  #openLink(url) {
    if (payloadOf(url, this.app.store.bot.username) === null) return false;
    this.app.open(Number(this.speaker.value), url);
    return true;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    this.atEnd = scrollHeight - scrollTop - clientHeight < 60;
  }
}
