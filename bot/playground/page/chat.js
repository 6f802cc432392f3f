/** One person's phone: who they are, their chat with the bot, and its foot. */
import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { el, icon, openMenu, placeRows } from "./dom.js";
import { Presses, Toast } from "./presses.js";
import { descriptionFor, commandsFor, payloadOf } from "./store.js";
import { isRightToLeft, languageName, localeOf, wordsIn } from "./words.js";

const TYPING_LASTS = 5000;    // ms, as long as Telegram shows a chat action
const NEAR_THE_END = 60;      // px from the newest message that still count as reading it

export class Phone {
  /** app: {store, act(person, verb, body) -> promise of the reply or null, tellUnread(person, n), alert(text, words)} */
  constructor(person, app) {
    this.id = person.id;
    this.app = app;
    this.rows = new Map();        // message_id -> {signature, row}
    this.toast = new Toast();
    this.presses = new Presses((body) => this.act("presses", body),
      (text, isAlert) => isAlert ? this.app.alert(text, this.words) : this.toast.show(text));
    this.unread = 0;
    this.language = person.language_code;
    this.words = wordsIn(person.language_code);
    this.locale = localeOf(person.language_code);
    this.#build(person);
    this.refresh();
  }

  get person() { return this.app.store.people.get(this.id); }

  get messages() { return [...this.person.messages.values()]; }

  get isOnScreen() { return this.root.offsetParent !== null && !document.hidden; }

  /** Redraws what has changed: head, messages, foot. */
  refresh() {
    this.#drawHead();
    this.#drawMessages();
    this.#drawFoot();
  }

  /** A bot's message, edit or chat action has come in. */
  hear(event) {
    if (event.type === "action") return this.#showTyping();
    if (event.type === "answer") return this.presses.answered(event);
    if (event.type === "message" && event.message.from?.is_bot) {
      this.#stopTyping();
      if (!this.isOnScreen || !this.atEnd) this.#setUnread(this.unread + (this.rows.has(event.message.message_id) ? 0 : 1));
    }
    return this.refresh();
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    if (this.isOnScreen) this.#setUnread(0);
  }

  #build(person) {
    const { words } = this;
    this.state = el("span", { class: "state" });
    this.subtitle = el("span", { class: "subtitle", role: "status" });
    this.title = el("strong", {});
    this.more = el("button", { class: "icon-button", "aria-label": words("more"), "aria-haspopup": "menu", "aria-expanded": "false",
      onclick: () => this.#openChatMenu() }, icon("dots"));
    this.list = el("div", { class: "messages", role: "log", "aria-live": "polite", tabindex: "0",
      "aria-label": words("messages", { name: person.first_name }), onscroll: () => this.#scrolled() });
    this.down = el("button", { class: "down", "aria-label": words("down"), hidden: true, onclick: () => this.toEnd() },
      icon("down"), el("span", { class: "badge", hidden: true }));
    this.composer = new Composer({ words, act: (verb, body) => this.act(verb, body), lastOwn: () => this.#lastOwn(),
      commands: () => commandsFor(this.app.store.bot.commands, this.person) });
    this.foot = el("div", { class: "foot" });
    const about = [languageName(person.language_code), person.place].filter(Boolean).join(" · ");
    this.root = el("section", { class: `phone tint-${person.id % 7}`, "data-person": person.id,
      lang: this.locale, dir: isRightToLeft(person.language_code) ? "rtl" : "ltr",
      "aria-label": words("chat.of", { name: person.first_name }) },
      el("header", { class: "who" }, avatar(person), el("span", { class: "who-text" },
        el("strong", {}, el("bdi", {}, person.first_name)), el("small", {}, about)), this.state),
      el("header", { class: "chat-head" }, el("img", { class: "avatar", src: "/page/icon.svg", alt: "" }),
        el("span", { class: "who-text" }, this.title, this.subtitle), this.more),
      el("div", { class: "room" }, this.list, this.down, this.toast.root), this.foot);
    this.scene = { words, locale: this.locale, zone: person.zone ?? undefined,
      names: { mine: words("you"), theirs: this.app.store.bot.name },
      quoted: (id) => this.person.messages.get(id), onMenu: (message, anchor) => this.#openMessageMenu(message, anchor),
      press: (message, button) => this.presses.press(message, button),
      taps: { word: words, command: (text) => this.act("writes", { text }), deepLink: (url) => this.#openLink(url) } };
    this.atEnd = true;
    this.scrolledTo = 0;
    const stay = () => { if (this.atEnd) this.toEnd(); };
    new ResizeObserver(stay).observe(this.list);
    this.list.addEventListener("load", stay, true);
  }

  act(verb, body) { return this.app.act(this, verb, body); }

  #drawHead() {
    const { person, words } = this;
    this.title.textContent = this.app.store.bot.name;
    if (!this.typing) this.subtitle.textContent = words("bot");
    this.state.textContent = words(person.state === "active" ? "online" : `state.${person.state}`);
    this.state.dataset.state = person.state;
  }

  #drawMessages() {
    const wanted = [];
    let day = null;
    for (const message of this.messages) {
      const ofMessage = this.#day(message.date);
      if (ofMessage !== day) wanted.push(this.#dayPill(ofMessage));
      day = ofMessage;
      wanted.push(this.#row(message));
    }
    if (!wanted.length) wanted.push(this.#welcome());
    placeRows(this.list, wanted);
    if (this.atEnd) this.toEnd();
  }

  #row(message) {
    const signature = JSON.stringify(message);
    const known = this.rows.get(message.message_id);
    if (known?.signature === signature) return known.row;
    const row = bubble(message, this.scene);
    this.rows.set(message.message_id, { signature, row });
    return row;
  }

  #day(unix) {
    return new Date(unix * 1000).toLocaleDateString(this.locale, { day: "numeric", month: "long", timeZone: this.scene.zone });
  }

  #dayPill(text) {
    const known = this.rows.get(text);
    if (known) return known.row;
    const row = el("div", { class: "day" }, el("span", {}, text));
    this.rows.set(text, { row });
    return row;
  }

  #welcome() {
    const text = descriptionFor(this.app.store.bot.descriptions, this.person);
    return el("div", { class: "welcome" }, text ? [el("strong", {}, this.words("what")), el("p", { dir: "auto" }, text)] : null,
      this.person.payload ? el("small", { dir: "auto" }, this.words("start.with", { payload: this.person.payload })) : null);
  }

  #drawFoot() {
    const { state, payload, messages } = this.person;
    const kind = state === "blocked" || state === "deactivated" ? state : messages.size ? "composer" : "start";
    if (kind === "composer") this.composer.refresh(this.person.keyboard);
    if (this.footKind === kind) return;
    this.footKind = kind;
    const start = () => this.act("opens", { payload: payload ?? "" });
    const restart = () => this.act("opens", { payload: "" });   // unblocks, too
    this.foot.replaceChildren({
      composer: () => this.composer.root,
      start: () => el("button", { class: "wide-button", onclick: start }, this.words("start")),
      blocked: () => el("button", { class: "wide-button", onclick: restart }, this.words("restart")),
      deactivated: () => el("p", { class: "gone" }, this.words("state.deactivated")),
    }[kind]());
  }

  #openChatMenu() {
    const blocked = this.person.state === "blocked";
    const blocking = blocked
      ? { icon: "check", label: this.words("unblock"), run: () => this.act("unblocks", {}) }
      : { icon: "block", label: this.words("block"), danger: true, run: () => this.act("blocks", {}) };
    openMenu(this.more, this.more.parentElement, this.words("more"), [blocking]);
  }

  #openMessageMenu(message, anchor) {
    const { words } = this;
    const mine = !message.from?.is_bot;
    const text = message.text ?? message.caption;
    const actions = [{ icon: "reply", label: words("reply"), run: () => this.composer.startReply(message) }];
    if (mine && message.text) actions.push({ icon: "edit", label: words("edit"), run: () => this.composer.startEdit(message) });
    if (text) actions.push({ icon: "copy", label: words("copy"), run: () => navigator.clipboard.writeText(text) });
    const drop = () => this.act("deletes", { message_id: message.message_id });
    actions.push({ icon: "trash", label: words("delete"), danger: true, run: drop });
    openMenu(anchor, anchor.parentElement, words("more"), actions);
  }

  #openLink(url) {
    const payload = payloadOf(url, this.app.store.bot.username);
    if (payload === null) return false;
    this.act("opens", { payload });
    return true;
  }

  #lastOwn() { return this.messages.filter((message) => !message.from?.is_bot && message.text).at(-1); }

  #showTyping() {
    this.typing = true;
    this.subtitle.textContent = this.words("typing");
    this.subtitle.classList.add("typing");
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.#stopTyping(), TYPING_LASTS);
  }

  #stopTyping() {
    this.typing = false;
    this.subtitle.classList.remove("typing");
    this.subtitle.textContent = this.words("bot");
  }

  #scrolled() {
    if (!this.isOnScreen) return;
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    // Only going up leaves the end; a picture that loads or a keyboard that opens does not.
    this.atEnd = near || (this.atEnd && scrollTop >= this.scrolledTo);
    this.scrolledTo = scrollTop;
    this.down.hidden = this.atEnd;
    if (this.atEnd) this.#setUnread(0);
  }

  #setUnread(count) {
    this.unread = count;
    const badge = this.down.lastElementChild;
    badge.textContent = count;
    badge.hidden = count === 0;
    this.app.tellUnread(this.id, count);
  }
}

/** A round initial in the person's colour. */
export const avatar = (person) =>
  el("span", { class: `avatar tint-${Math.abs(person.id) % 7}`, "aria-hidden": "true" }, [...person.first_name][0]?.toUpperCase() ?? "?");
