/** One message as a bubble with its buttons. */
import { el, icon } from "./dom.js";
import { link, rendered } from "./entities.js";
import { kindOf, media } from "./media.js";

const SPINNER_GIVES_UP = 30_000;   // ms: after that Telegram's clients stop waiting for the bot, too

/** How one message reads in a line: quotes and chat lists. */
export function oneLine(message, words) {
  const kind = kindOf(message);
  const text = message.text ?? message.caption ?? "";
  return kind ? `${words(kind)}${text && ": "}${text}` : text;
}

/**
 * scene: {words, locale, zone, taps, quoted(id) -> message or undefined, names: {mine, theirs},
 *         onMenu(message, anchor), press(message, button) -> promise}
 */
export function bubble(message, scene) {
  const mine = !message.from?.is_bot;
  const bare = kindOf(message) === "sticker";
  const box = el("div", { class: `bubble${bare ? " bare" : ""}${message.photo ? " pictured" : ""}`, dir: "auto" },
    message.forward_origin ? el("div", { class: "forwarded" }, scene.words("forwarded")) : null,
    quote(message.reply_to_message, scene),
    media(message, scene.words, scene.locale),
    words(message, scene),
    meta(message, mine, scene));
  const more = el("button", { class: "more", "aria-label": scene.words("more"), "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => scene.onMenu(message, more) }, icon("dots"));
  const row = el("div", { class: `row ${mine ? "mine" : "theirs"}`, "data-id": message.message_id },
    el("span", { class: "unseen" }, `${mine ? scene.names.mine : scene.names.theirs}: `),
    el("div", { class: "stack" }, box, inlineKeyboard(message, scene)), more);
  row.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a")) return;
    event.preventDefault();
    scene.onMenu(message, more);
  });
  return row;
}

function words(message, scene) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  return el("div", { class: "text" }, rendered(text, message.entities ?? message.caption_entities, scene.taps));
}

function quote(reply, scene) {
  if (!reply) return null;
  const original = scene.quoted(reply.message_id) ?? reply;
  return el("div", { class: "quote" },
    el("strong", { dir: "auto" }, original.from?.is_bot ? scene.names.theirs : scene.names.mine),
    el("span", { dir: "auto" }, oneLine(original, scene.words)));
}

function meta(message, mine, scene) {
  const at = new Date(message.date * 1000);
  const time = at.toLocaleTimeString(scene.locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: scene.zone });
  return el("span", { class: "meta" }, message.edit_date ? el("span", { class: "edited" }, scene.words("edited")) : null,
    el("time", { datetime: at.toISOString() }, time), mine ? icon("checks") : null);
}

function inlineKeyboard(message, scene) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el("div", { class: "keys" }, rows.map((row) =>
    el("div", { class: "keys-row" }, row.map((button) => key(button, message, scene)))));
}

function key(button, message, scene) {
  if (button.url) {
    const anchor = link(button.url, [button.text], scene.taps);
    anchor.classList.add("key", "leads-out");
    anchor.dir = "auto";
    return anchor;
  }
  const press = button.copy_text
    ? () => navigator.clipboard.writeText(button.copy_text.text)
    : () => wait(node, scene.press(message, button));
  const node = el("button", { class: `key ${button.style ?? ""}`.trim(), dir: "auto", onclick: press },
    el("span", {}, button.text));
  return node;
}

/** Shows the spinner until the bot has answered the press. */
async function wait(node, answered) {
  node.classList.add("waiting");
  node.setAttribute("aria-busy", "true");
  const patience = new Promise((resolve) => setTimeout(resolve, SPINNER_GIVES_UP));
  await Promise.race([answered, patience]).catch(() => undefined);
  node.classList.remove("waiting");
  node.removeAttribute("aria-busy");
}
