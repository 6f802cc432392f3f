/** Building elements. Text enters the page only as text: nothing here parses HTML. */

/** el("button", {class: "chip", onclick: f, hidden: true}, "text", node) */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return node;
}

const SHAPES = {
  send: "M4 12 3 4l18 8-18 8 1-8zm0 0h9",
  attach: "m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  dots: "M12 5h.01M12 12h.01M12 19h.01",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M5 7h14M5 12h14M5 17h14",
  keyboard: "M4 5h16v14H4zM8 9h.01M12 9h.01M16 9h.01M8 12h.01M12 12h.01M16 12h.01M8 16h8",
  down: "m6 9 6 6 6-6",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  sticker: "M5 4h14v9l-6 7H5zM13 20v-7h6M9 9h.01M15 9h.01",
  location: "M12 21s7-6.5 7-11a7 7 0 0 0-14 0c0 4.5 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  contact: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.6-4.5 3.5-7 8-7s7.4 2.5 8 7",
  album: "M8 4h12v12H8zM4 8v12h12M8 13l3.5-3.5 3 3 2-2L20 14",
  play: "M8 5v14l11-7z",
  file: "M6 3h8l5 5v13H6zM14 3v5h5M12 11v6M9.5 14.5 12 17l2.5-2.5",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1.5-1.5",
  personPlus: "M10 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 21c.5-4.5 3-7 7-7 2 0 3.6.6 4.8 1.7M19 14v6M16 17h6",
  database: "M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0zM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0",
  restart: "M5 12a7 7 0 1 0 2.5-5.4M5 4v4h4",
  moon: "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  sparkle: "M12 3l2 6 6 2-6 2-2 6-2-6-6-2 6-2zM19 16v4M17 18h4",
  reply: "M10 6 4 12l6 6M4 12h9c4 0 7 2 7 7",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.6 5.6l12.8 12.8",
  check: "m5 12.5 4.5 4.5L19 7",
  checks: "m2 12.5 4 4L14.5 7M11 15.5l1 1L20.5 7",
};

/** A decorative icon; the button around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** Puts the rows of a chat in place without moving those that stay, so that focus and screen readers keep their spot. */
export function placeRows(list, wanted) {
  const focused = document.activeElement;
  const lost = focused?.closest?.(".row");
  const keep = new Set(wanted);
  [...list.children].filter((node) => !keep.has(node)).forEach((node) => node.remove());
  wanted.forEach((node, i) => { if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null); });
  if (lost && list.parentElement && !lost.isConnected && document.activeElement === document.body) {
    const heirs = list.querySelectorAll(`[data-id="${lost.dataset.id}"] .key`);
    const place = [...lost.querySelectorAll(".key")].indexOf(focused);
    (heirs[place] ?? heirs[0] ?? list).focus({ preventScroll: true });
  }
}

/** A list of actions that opens at `anchor` and closes on choice, Escape, Tab or a click elsewhere. */
export function openMenu(anchor, host, label, actions) {
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (refocus) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor.focus();
  };
  const outside = (event) => { if (!menu.contains(event.target) && !anchor.contains(event.target)) close(false); };
  for (const action of actions) {
    const act = () => { close(true); action.run(); };
    menu.append(el("button", { role: "menuitem", class: action.danger ? "danger" : null, onclick: act },
      icon(action.icon), el("span", { dir: "auto" }, action.label)));
  }
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    if (event.key === "Escape" || event.key === "Tab") close(true);
    if (step || event.key === "Escape") { event.preventDefault(); event.stopPropagation(); }
  });
  host.append(menu);
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  menu.firstElementChild.focus();
  return menu;
}
