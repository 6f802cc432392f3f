/** What this browser knows of the playground. Events change it; it draws nothing. */
import { baseOf } from "./words.js";

export class Store {
  constructor() {
    this.people = new Map();   // id -> {id, first_name, language_code, state, ..., messages: Map(message_id -> message)}
    this.bot = { username: "", name: "", descriptions: {}, commands: [] };
    this.process = { state: "starting" };
    this.clock = { offset: 0, skew: 0 };
  }

  /** Takes in one event; afterwards every message of `person` is in the order the chat has it. */
  apply(event) {
    const person = this.people.get(event.chat_id);
    switch (event.type) {
      case "snapshot": return this.#replace(event);
      case "person": return this.#keep(event.person);
      case "message": return person && this.#hear(person, event);
      case "delete": return person?.messages.delete(event.message_id);
      case "keyboard": if (person) person.keyboard = event.keyboard; return undefined;
      case "bot": this.bot = event.bot; return undefined;
      case "process": this.process = event.process; return undefined;
      case "clock": return this.#setClock(event.clock);
      default: return undefined;
    }
  }

  /** Unix seconds, in the playground's time. */
  now() {
    return (Date.now() + this.clock.skew) / 1000;
  }

  #replace({ people, bot, process, clock }) {
    this.people.clear();
    people.forEach((person) => this.#keep(person));
    Object.assign(this, { bot, process });
    this.#setClock(clock);
  }

  #hear(person, { message, state }) {
    person.messages.set(message.message_id, message);
    person.state = state;
  }

  #keep({ messages, ...person }) {
    const known = this.people.get(person.id);
    const list = messages ? new Map(messages.map((message) => [message.message_id, message])) : known?.messages;
    this.people.set(person.id, { ...person, messages: list ?? new Map() });
  }

  #setClock({ unix, offset }) {
    this.clock = { offset, skew: unix * 1000 - Date.now() };
  }
}

/** The commands Telegram would list for a person: the narrowest scope wins, in it their language before none. */
export function commandsFor(lists, person) {
  const language = baseOf(person.language_code);
  const scopes = [
    (scope) => scope.type === "chat" && String(scope.chat_id) === String(person.id),
    (scope) => scope.type === "all_private_chats",
    (scope) => scope.type === "default",
  ];
  for (const fits of scopes) {
    for (const code of [language, ""]) {
      const found = lists.find((list) => fits(list.scope) && list.language_code === code && list.commands.length);
      if (found) return found.commands;
    }
  }
  return [];
}

/** The bot's description in the person's language, or the one for everybody. */
export function descriptionFor(descriptions, person) {
  return descriptions[baseOf(person.language_code)] ?? descriptions[""] ?? "";
}

/** The payload of a link to this bot, "" for one without; null for a link that leads elsewhere. */
export function payloadOf(text, username) {
  const trimmed = text.trim();
  if (/^[\w-]{1,64}$/.test(trimmed)) return trimmed;
  const inTelegram = /^tg:\/\/resolve\?/i.test(trimmed);
  let url;
  try {
    url = new URL(/^(https?|tg):/i.test(trimmed) ? trimmed : `https://${trimmed}`);
  } catch {
    return null;
  }
  const onWeb = ["t.me", "telegram.me"].includes(url.hostname);
  const name = inTelegram ? url.searchParams.get("domain") : url.pathname.slice(1);
  if (!(inTelegram || onWeb) || name?.toLowerCase() !== username.toLowerCase()) return null;
  return url.searchParams.get("start") ?? "";
}
