/** The foot of a chat: what a person can write, attach, tap or take back. */
import { el, icon, openMenu } from "./dom.js";
import { oneLine } from "./bubble.js";

const ATTACHABLE = ["upload", "photo", "album", "voice", "document", "location", "contact", "sticker"];
const ICONS = { upload: "attach", voice: "mic", document: "file" };   // of what has no icon of its own name
const ALBUM_SIZE = 3;
const TALLEST = 160;   // px: a longer text scrolls inside the field

export class Composer {
  /** scene: {words, act(verb, body) -> promise, commands() -> list, lastOwn() -> message, names} */
  constructor(scene) {
    this.scene = scene;
    this.subject = null;   // {verb: "edit"|"reply", message}: what the next text is about
    const { words } = scene;
    this.field = el("textarea", { rows: "1", dir: "auto", placeholder: words("message"), "aria-label": words("message"),
      enterkeyhint: "send", maxlength: "4096", oninput: () => this.#typed(), onkeydown: (event) => this.#pressed(event) });
    this.menu = el("button", { class: "commands-button", "aria-label": words("commands"), "aria-expanded": "false",
      onclick: () => this.#toggleCommands() }, icon("menu"), el("span", {}, words("commands")));
    this.attach = this.#button("attach", "attach", () => this.#openAttach(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.keyboardToggle = this.#button("keyboard", "keyboard", () => this.#showKeyboard(this.keyboard.hidden),
      { "aria-expanded": "false" });
    this.send = this.#button("mic", "voice", () => this.#sendOrSpeak(), { class: "icon-button send" });
    this.upload = el("input", { type: "file", hidden: true, "aria-label": words("upload"), onchange: () => this.#sendFile() });
    this.about = el("div", { class: "about", hidden: true });
    this.suggestions = el("div", { class: "suggestions", role: "group", "aria-label": words("commands"), hidden: true });
    this.keyboard = el("div", { class: "reply-keyboard", role: "group", "aria-label": words("keyboard"), hidden: true });
    this.root = el("div", { class: "composer" }, this.suggestions, this.about,
      el("div", { class: "composer-line" }, this.menu, this.attach, this.field, this.keyboardToggle, this.send, this.upload), this.keyboard);
    this.#typed();
  }

  /** Shows or hides what depends on the chat's state: the commands on offer and the reply keyboard. */
  refresh(rows) {
    this.menu.hidden = this.scene.commands().length === 0;
    const signature = JSON.stringify(rows ?? null);
    if (signature === this.shownRows) return;
    this.shownRows = signature;
    this.keyboard.replaceChildren(...(rows ?? []).map((row) =>
      el("div", { class: "keys-row" }, row.map((label) => this.#replyKey(label)))));
    this.#showKeyboard(Boolean(rows?.length));
    this.keyboardToggle.hidden = !rows?.length;
  }

  startReply(message) { this.#about("reply", message, this.scene.words("reply")); }

  startEdit(message) {
    this.#about("edit", message, this.scene.words("editing"));
    this.field.value = message.text ?? message.caption ?? "";
    this.#typed();
  }

  #button(shape, word, onclick, more = {}) {
    const name = this.scene.words(word);
    return el("button", { class: "icon-button", "aria-label": name, title: name, onclick, ...more }, icon(shape));
  }

  #replyKey(button) {
    const label = typeof button === "string" ? button : button.text;
    const kind = button.request_contact ? "contact" : button.request_location ? "location" : null;
    const tap = () => (kind ? this.scene.act("sends", { kind }) : this.scene.act("writes", { text: label }));
    return el("button", { class: "reply-key", dir: "auto", onclick: tap }, label);
  }

  #showKeyboard(shown) {
    this.keyboard.hidden = !shown;
    this.keyboardToggle.setAttribute("aria-expanded", String(shown));
    this.keyboardToggle.setAttribute("aria-label", this.scene.words(shown ? "keyboard.hide" : "keyboard"));
  }

  #about(verb, message, title) {
    this.subject = { verb, message };
    this.about.replaceChildren(icon(verb), el("span", { class: "about-text" }, el("strong", {}, title),
      el("span", { dir: "auto" }, oneLine(message, this.scene.words))),
      this.#button("close", "cancel", () => this.#leaveSubject()));
    this.about.hidden = false;
    this.field.focus();
  }

  #leaveSubject() {
    if (this.subject?.verb === "edit") this.field.value = "";
    this.subject = null;
    this.about.hidden = true;
    this.#typed();
    this.field.focus();
  }

  #typed() {
    this.field.style.height = "auto";
    const needed = this.field.scrollHeight;   // 0 while the chat is not on screen
    if (needed) this.field.style.height = `${Math.min(needed, TALLEST)}px`;
    const speaks = !this.field.value.trim();
    this.send.replaceChildren(icon(this.subject?.verb === "edit" ? "check" : speaks ? "mic" : "send"));
    this.send.setAttribute("aria-label", this.scene.words(this.subject?.verb === "edit" ? "save" : speaks ? "voice" : "send"));
    this.send.classList.toggle("ready", !speaks);
    this.#suggest(/^\/\w*$/.test(this.field.value) ? this.field.value.slice(1) : null);
  }

  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.field.value.trim()) this.#sendText();
    } else if (event.key === "Escape") {
      this.suggestions.hidden ? this.#leaveSubject() : this.#suggest(null);
    } else if (event.key === "ArrowUp" && !this.field.value && this.scene.lastOwn()) {
      event.preventDefault();
      this.startEdit(this.scene.lastOwn());
    } else if (event.key === "ArrowUp" && !this.suggestions.hidden) {
      event.preventDefault();
      this.suggestions.lastElementChild.focus();
    }
  }

  #sendOrSpeak() {
    if (this.field.value.trim()) this.#sendText();
    else this.scene.act("sends", { kind: "voice" });
  }

  /** The field is emptied at once, as in Telegram, and filled again if the text could not be sent. */
  async #sendText() {
    const text = this.field.value.trim();
    const { verb, message } = this.subject ?? {};
    this.field.value = "";
    this.#leaveSubject();
    const sent = verb === "edit"
      ? this.scene.act("edits", { message_id: message.message_id, text })
      : this.scene.act("writes", { text, reply_to: message?.message_id ?? null });
    if (!(await sent)) {
      this.field.value ||= text;
      this.#typed();
    }
  }

  #toggleCommands() {
    if (this.suggestions.hidden) {
      this.#suggest("");
      this.suggestions.firstElementChild?.focus();
    } else this.#suggest(null);
  }

  /** Lists the commands that begin with `start`; null hides the list. */
  #suggest(start) {
    const found = start === null ? [] : this.scene.commands().filter(({ command }) => command.startsWith(start));
    this.suggestions.hidden = found.length === 0;
    this.menu.setAttribute("aria-expanded", String(found.length > 0));
    this.suggestions.replaceChildren(...found.map(({ command, description }) => el("button", { class: "suggestion",
      onclick: () => this.#command(command), onkeydown: (event) => this.#walk(event) },
      el("b", { dir: "ltr" }, `/${command}`), el("span", { dir: "auto" }, description))));
  }

  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = [...this.suggestions.children];
    if (step) items[(items.indexOf(event.currentTarget) + step + items.length) % items.length].focus();
    if (event.key === "Escape") {
      this.#suggest(null);
      this.field.focus();
    }
    if (step || event.key === "Escape") event.preventDefault();
  }

  #command(command) {
    this.field.value = "";
    this.#typed();
    this.field.focus();
    this.scene.act("writes", { text: `/${command}` });
  }

  #openAttach() {
    const special = { upload: () => this.upload.click(), album: () => this.scene.act("sends_album", { n: ALBUM_SIZE }) };
    openMenu(this.attach, this.root, this.scene.words("attach"), ATTACHABLE.map((kind) => ({
      icon: ICONS[kind] ?? kind, label: this.scene.words(kind),
      run: special[kind] ?? (() => this.scene.act("sends", { kind })),
    })));
  }

  async #sendFile() {
    const [file] = this.upload.files;
    if (!file) return;
    const address = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsDataURL(file);
    });
    this.upload.value = "";   // so that the same file can be chosen again
    this.scene.act("sends_file", { name: file.name, mime_type: file.type || "application/octet-stream",
      content: address.slice(address.indexOf(",") + 1) });
  }
}
