/** What a message carries besides text -> one node, or null for a message of text alone. */
import { el, icon } from "./dom.js";

const fileAddress = (fileId) => `/playground/file/${encodeURIComponent(fileId)}`;

const clockface = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

const bytes = (size, locale) => new Intl.NumberFormat(locale, {
  style: "unit", unit: size < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1,
}).format(size < 1e6 ? size / 1e3 : size / 1e6);

const KINDS = {
  photo: (sizes, words, locale, caption) => picture(sizes.at(-1), "photo", caption || words("photo")),
  sticker: (sticker, words) => picture(sticker, "sticker", `${words("sticker")} ${sticker.emoji ?? ""}`.trim()),
  animation: (animation, words) => film(animation, "video", words),
  video: (video, words) => film(video, "video", words),
  video_note: (note, words) => film(note, "video_note", words),
  document: fileRow,
  audio: (audio, words) => sound(audio, "audio", words),
  voice: (voice, words) => sound(voice, "voice", words),
  location: ({ latitude, longitude }, words) => place(latitude, longitude, words("location")),
  contact,
  poll: ({ question, options }) => el("div", { class: "poll" }, el("strong", { dir: "auto" }, question),
    el("ul", {}, options.map((option) => el("li", { dir: "auto" }, option.text)))),
  dice: ({ emoji, value }) => el("div", { class: "dice" }, `${emoji} ${value}`),
};

/** The kind of thing this message carries: a key of the word lists, or null. */
export const kindOf = (message) => Object.keys(KINDS).find((kind) => message[kind]) ?? null;

export function media(message, words, locale) {
  const kind = kindOf(message);
  if (kind) return KINDS[kind](message[kind], words, locale, message.caption);
  return message.text === undefined ? el("em", { class: "unsupported" }, words("unsupported")) : null;
}

/** A picture, with what the bot says beside it as its text; what cannot be shown as one, such as the sample files of the playground, gets a drawn one. */
function picture({ file_id: fileId, width, height }, kind, alt) {
  const image = el("img", { src: fileAddress(fileId), alt, width, height, loading: "lazy" });
  image.addEventListener("error", () => { image.src = `/page/${kind}.svg`; }, { once: true });
  if (kind === "sticker") return el("div", { class: "sticker" }, image);
  return el("a", { class: "photo", href: fileAddress(fileId), target: "_blank", rel: "noopener" }, image);
}

function film({ file_id: fileId }, kind, words) {
  const video = el("video", { class: kind, src: fileAddress(fileId), controls: true, preload: "metadata", "aria-label": words(kind) });
  video.addEventListener("error", () => video.replaceWith(el("span", { class: "stand-in" }, icon("play"), words(kind))));
  return video;
}

function fileRow({ file_id: fileId, file_name: name, file_size: size }, words, locale) {
  const shown = name ?? words("document");
  return el("a", { class: "file", href: fileAddress(fileId), download: shown, "aria-label": words("download", { name: shown }) },
    el("span", { class: "disc" }, icon("file")),
    el("span", { class: "file-text" }, el("strong", { dir: "auto" }, shown), size ? el("small", {}, bytes(size, locale)) : null));
}

/** A play button and a wave; it plays when there is something to hear. */
function sound({ file_id: fileId, duration, title }, kind, words) {
  const audio = el("audio", { src: fileAddress(fileId), preload: "none" });
  const play = () => audio.play().catch(() => { button.disabled = true; });   // the samples of the playground are silent
  const button = el("button", { class: "disc", "aria-label": words(kind), onclick: play }, icon("play"));
  const wave = el("span", { class: "wave", "aria-hidden": "true" }, Array.from({ length: 28 }, (_, i) => {
    const bar = el("i");
    bar.style.height = `${20 + 80 * Math.abs(Math.sin(i * 1.7) * Math.cos(i * 0.6))}%`;
    return bar;
  }));
  return el("div", { class: "sound" }, button, audio,
    el("span", { class: "file-text" }, title ? el("strong", { dir: "auto" }, title) : wave, el("small", {}, clockface(duration ?? 0))));
}

function place(latitude, longitude, name) {
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=15/${latitude}/${longitude}`;
  return el("a", { class: "place", href: address, target: "_blank", rel: "noopener noreferrer" },
    el("span", { class: "map", "aria-hidden": "true" }, icon("location")),
    el("span", { class: "file-text" }, el("strong", {}, name),
      el("small", { dir: "ltr" }, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`)));
}

function contact({ first_name: name, phone_number: phone }) {
  return el("div", { class: "file" }, el("span", { class: "disc" }, icon("contact")),
    el("span", { class: "file-text" }, el("strong", { dir: "auto" }, name), el("small", { dir: "ltr" }, phone)));
}
