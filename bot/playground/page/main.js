/** Puts the page together: the line to the playground, the store, a phone for each person, and the tools. */
import { Phone } from "./chat.js";
import { ask } from "./dialogs.js";
import { GroupChat } from "./group.js";
import { People } from "./people.js";
import { payloadOf, Store } from "./store.js";
import { Stored } from "./stored.js";
import { Toolbar } from "./toolbar.js";
import { browserLanguage, isRightToLeft, loadWords, wordsIn } from "./words.js";
import { listen, post } from "./wire.js";

const language = browserLanguage();
await Promise.all([loadWords("en"), loadWords(language)]);
const words = wordsIn(language);
document.documentElement.lang = language;
document.documentElement.dir = isRightToLeft(language) ? "rtl" : "ltr";
document.title = `Together · ${words("chats")}`;

const store = new Store();
const phones = new Map();
const stage = document.getElementById("chats");
const people = new People(document.getElementById("people"), words, language, arrange);
const toolbar = new Toolbar({ store, words, language, post: attempt, open, added: (id) => people.show(id) });
new Stored(document.getElementById("stored"), document.getElementById("stored-toggle"), words);
const app = { store, act, open, say: (body) => attempt("/playground/circle/writes", body), tellUnread: (id, count) => people.setUnread(id, count),
  alert: (text, ofChat) => ask({ title: store.bot.name, text, yes: ofChat("ok") }) };

const MISHAP_SHOWN = 8000;   // ms that a failed wish stays in the notice

let arrivals = Promise.resolve();
listen((event) => { arrivals = arrivals.then(() => take(event)); }, (online) => { if (!online) toolbar.setNotice(words("lost")); });

/** Events are taken in one after the other; a new person's words are fetched before their phone is drawn. */
async function take(event) {
  store.apply(event);
  if (event.type === "snapshot" || event.type === "person") await settle();
  if (event.type === "process" || event.type === "snapshot") toolbar.showProcess(store.process);
  if (event.type === "clock" || event.type === "snapshot") toolbar.tick();
  if (event.type === "bot") phones.forEach((phone) => phone.refresh());
  phones.get(event.chat_id)?.hear(event);
}

/** Makes the phones match the people there are. */
async function settle() {
  const all = [...store.people.values()];
  await Promise.all(all.map((person) => loadWords(person.language_code)));
  for (const [id, phone] of phones) {
    if (store.people.get(id)?.language_code === phone.language) continue;   // else gone, or another person by now
    phone.root.remove();
    phones.delete(id);
  }
  const newcomers = all.filter((person) => !phones.has(person.id));
  for (const person of newcomers) {
    phones.set(person.id, person.members ? new GroupChat(person, app) : new Phone(person, app));
    stage.append(phones.get(person.id).root);
  }
  phones.forEach((phone) => phone.refresh());
  if (newcomers.length || people.tabs.childElementCount !== all.length) people.draw(all);
}

function arrange(isShown, current) {
  for (const [id, phone] of phones) {
    phone.root.classList.toggle("put-away", !isShown(id));
    phone.root.classList.toggle("current", id === current);
    if (id === current && phone.atEnd) phone.toEnd();
  }
}

/** POSTs; what goes wrong is told in the page's notice, and null is returned. */
async function attempt(path, body) {
  try {
    return await post(path, body);
  } catch (error) {
    complain(words("failed", { reason: error.message }));
    return null;
  }
}

/** Tells it for a while; then the notice goes back to how the bot is. */
function complain(text) {
  toolbar.setNotice(text);
  setTimeout(() => toolbar.showProcess(store.process), MISHAP_SHOWN);
}

/** What a person does in their chat; what goes wrong is told on their phone, and null is returned. */
async function act(phone, verb, body) {
  try {
    return await post(`/playground/people/${phone.id}/${verb}`, body);
  } catch (error) {
    phone.toast.show(words("failed", { reason: error.message }));
    return null;
  }
}

function open(id, text) {
  const payload = payloadOf(text, store.bot.username);
  if (payload === null) return complain(words("link.bad"));
  people.show(id);
  phones.get(id).root.scrollIntoView({ inline: "nearest" });
  return act(phones.get(id), "opens", { payload });
}
