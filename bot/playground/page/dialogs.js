/** The page's questions to whoever sits before it. */
import { el } from "./dom.js";

/**
 * Opens a dialog and resolves with {field name: value}, or null if it was left.
 *
 * {title, text?, fields: [node with a name], yes: label, no: label or null, danger?}
 */
export function ask({ title, text = "", fields = [], yes, no = null, danger = false }) {
  const heading = el("h2", { id: "dialog-title" }, title);
  const form = el("form", { method: "dialog" }, heading, text ? el("p", { dir: "auto" }, text) : null,
    fields.map(({ label, input }) => el("label", {}, el("span", {}, label), input)),
    el("div", { class: "dialog-foot" },
      no ? el("button", { class: "plain", type: "submit", value: "no", formnovalidate: true }, no) : null,
      el("button", { class: danger ? "plain danger" : "plain", type: "submit", value: "yes" }, yes)));
  const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, form);
  // Enter in a field submits with the first button of the form: make it mean yes.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (form.reportValidity()) dialog.close("yes");
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    resolve(dialog.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null);
    dialog.remove();
  }));
}

export const field = (label, name, attributes = {}) => ({ label, input: el("input", { name, autocomplete: "off", ...attributes }) });

export const choice = (label, name, options) => ({ label,
  input: el("select", { name }, options.map(({ value, text }) => el("option", { value }, text))) });
