/** The page's own words, one small dictionary per language, fetched when first needed. */

const KNOWN = [
  "en", "fr", "de", "nl", "it", "es", "pt", "ro", "el", "pl", "sv",
  "da", "lv", "lt", "et", "sl", "sq", "ru", "uk", "tr", "ar",
];
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur", "ps", "ckb", "dv", "yi", "ug", "sd"]);
const dictionaries = new Map();

/** "pt-BR" -> "pt" */
export const baseOf = (code) => (code || "en").toLowerCase().split(/[-_]/)[0];

export const isRightToLeft = (code) => RIGHT_TO_LEFT.has(baseOf(code));

/** The first language of the browser that has a dictionary. */
export const browserLanguage = () => navigator.languages.map(baseOf).find((code) => KNOWN.includes(code)) ?? "en";

/** Makes the words of `code` available to `wordsIn`; a language without a dictionary gets the English one. */
export async function loadWords(code) {
  const language = KNOWN.includes(baseOf(code)) ? baseOf(code) : "en";
  if (!dictionaries.has(language)) {
    const reply = await fetch(`/page/words.${language}.json`);
    dictionaries.set(language, await reply.json());
  }
}

/** (key, {name: value}) -> text, in a language loaded before. */
export function wordsIn(code) {
  const words = dictionaries.get(baseOf(code)) ?? dictionaries.get("en");
  return (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** A language in its own words, "Français"; an unknown code stays as it is. */
export function languageName(code) {
  const locale = localeOf(code);
  const name = new Intl.DisplayNames([locale], { type: "language" }).of(locale);
  return name[0].toLocaleUpperCase(locale) + name.slice(1);
}

/** A locale that Intl surely takes, whatever a phone claims its language to be. */
export function localeOf(code) {
  try {
    return Intl.getCanonicalLocales(code || "en")[0];
  } catch {
    return "en";
  }
}
