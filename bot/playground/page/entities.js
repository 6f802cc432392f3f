/** Bot API text + entities -> nodes. Offsets are UTF-16 units, which is how JavaScript counts too. */
import { el } from "./dom.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE_LINK = /^(https?|tg|mailto|tel):/i;

/** taps: {command(text), deepLink(url) -> handled?, word(key)}, what a tap does in the chat it stands in. */
export function rendered(text, entities = [], taps) {
  const fragment = document.createDocumentFragment();
  const outermost = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fragment.append(...span(text, 0, text.length, outermost, taps));
  return fragment;
}

function span(text, start, end, entities, taps) {
  const nodes = [];
  let at = start;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || stop <= at) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inner = entities.slice(i + 1).filter((other) => other.offset < stop);
    nodes.push(wrapped(entity, text.slice(entity.offset, stop), span(text, entity.offset, stop, inner, taps), taps));
    at = stop;
    if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;   // a block ends its line by itself
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrapped(entity, raw, children, taps) {
  const { type } = entity;
  if (PLAIN[type]) return el(PLAIN[type], type === "pre" ? { dir: "ltr", tabindex: "0" } : {}, children);
  if (type === "spoiler") return spoiler(children, taps);
  if (type === "blockquote") return el("blockquote", { dir: "auto" }, children);
  if (type === "expandable_blockquote") return folded(children, taps);
  if (type === "bot_command") {
    return el("button", { class: "linkish", dir: "ltr", onclick: () => taps.command(raw) }, children);
  }
  const address = linkAddress(entity, raw);
  return address ? link(address, children, taps) : el("span", {}, children);
}

function linkAddress({ type, url }, raw) {
  if (type === "text_link") return url;
  if (type === "url") return SAFE_LINK.test(raw) ? raw : `https://${raw}`;
  if (type === "email") return `mailto:${raw}`;
  if (type === "phone_number") return `tel:${raw.replace(/[^+\d]/g, "")}`;
  if (type === "mention") return `https://t.me/${raw.slice(1)}`;
  return null;
}

/** An ordinary link; one that leads to this bot opens here instead. Anything but a web, mail or phone address stays text. */
export function link(address, children, taps) {
  if (!SAFE_LINK.test(address)) return el("span", {}, children);
  const follow = (event) => { if (taps.deepLink(address)) event.preventDefault(); };
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", onclick: follow }, children);
}

function spoiler(children, taps) {
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    box.classList.add("shown");
    box.removeAttribute("role");
    box.removeAttribute("tabindex");
    box.removeAttribute("aria-label");
  };
  const box = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": taps.word("spoiler"),
    onclick: show, onkeydown: show }, children);
  return box;
}

function folded(children, taps) {
  const quote = el("blockquote", { dir: "auto", class: "folded" }, children);
  const toggle = el("button", { class: "linkish", "aria-expanded": "false", onclick: () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = taps.word(open ? "fold" : "unfold");
  } }, taps.word("unfold"));
  return el("span", { class: "fold" }, quote, toggle);
}
