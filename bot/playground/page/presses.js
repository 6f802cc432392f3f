/** Presses on buttons, and the bot's answers to them: as in Telegram, only the screen that was pressed shows one. */
import { el } from "./dom.js";

const TOAST_LASTS = 3500;   // ms

export class Presses {
  /** act(body) -> promise of {callback_query_id} or null; show(text, isAlert) tells an answer that has words */
  constructor(act, show) {
    this.act = act;
    this.show = show;
    this.waiting = new Map();   // callback query id -> takes the bot's answer to a press made here
    this.early = new Map();     // callback query id -> an answer that came before the press had its id
    this.unnamed = 0;           // presses made here that have no id yet
  }

  /** Resolves when the bot has answered. */
  async press(message, button) {
    this.unnamed += 1;
    const reply = await this.act({ message_id: message.message_id, data: button.callback_data });
    this.unnamed -= 1;
    if (!reply) return;
    const id = reply.callback_query_id;
    const { text, show_alert: alert } = this.early.get(id) ?? await new Promise((resolve) => this.waiting.set(id, resolve));
    this.waiting.delete(id);
    if (!this.unnamed) this.early.clear();
    if (text) this.show(text, Boolean(alert));
  }

  /** An answer of the bot has come in. */
  answered(answer) {
    const take = this.waiting.get(answer.callback_query_id);
    if (take) take(answer);
    else if (this.unnamed) this.early.set(answer.callback_query_id, answer);
  }
}

/** A short word over a chat. */
export class Toast {
  constructor() {
    this.root = el("div", { class: "toast", role: "status", dir: "auto" });
  }

  show(text) {
    this.root.textContent = text;
    this.root.classList.add("shown");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.root.classList.remove("shown"), TOAST_LASTS);
  }
}
