// Small help with the page: made elements, icons, listeners that go away together.

/**
 * An element: properties by name; `class`, `data-…`, `aria-…` and `role` as attributes, `on…` as listeners;
 * what is null or false is left out.
 */
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Set the words, and leave them alone where they are as they were. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function set(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Listeners that are taken off together: `on(target, "names", act)`, then `off()`. */
export function listening() {
  const heard = [];
  return {
    on(target, names, act, options) {
      for (const name of names.split(" ")) {
        target.addEventListener(name, act, options);
        heard.push(() => target.removeEventListener(name, act, options));
      }
    },
    off() {
      heard.splice(0).forEach((quiet) => quiet());
    },
  };
}

/** What an event is really about, also inside a component's own tree, which the page does not look into. */
export const target = (event) => event.composedPath()[0];

const STILL = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** Whether whoever looks wants little to move. */
export const still = () => STILL?.matches ?? false;

const ICONS = {
  play: '<path d="M8 5.500v13l11-6.500z" fill="currentColor"/>',
  pause: '<path d="M9 5v14M15 5v14" stroke-width="3"/>',
  back: '<text x="12.400" y="17" font-size="8.500" font-weight="700" text-anchor="middle" fill="currentColor" stroke="none">5</text><path d="M4 5v5h5"/><path d="M4.600 10A8 8 0 1 1 4 14"/>',
  forward: '<text x="11.600" y="17" font-size="8.500" font-weight="700" text-anchor="middle" fill="currentColor" stroke="none">5</text><path d="M20 5v5h-5"/><path d="M19.400 10A8 8 0 1 0 20 14"/>',
  captions: '<rect x="3" y="5.500" width="18" height="13" rx="2.500"/><path d="M10.500 10.500a2 2 0 1 0 0 3M17 10.500a2 2 0 1 0 0 3"/>',
  volume: '<path d="M4 10v4h3.500L12 18V6L7.500 10zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11"/>',
  muted: '<path d="M4 10v4h3.500L12 18V6L7.500 10zM16 9.500l5 5M21 9.500l-5 5"/>',
  full: '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>',
  small: '<path d="M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5"/>',
  pip: '<rect x="3" y="5" width="18" height="14" rx="2.500"/><rect x="12" y="11.500" width="6.500" height="5" rx="1" fill="currentColor"/>',
  loop: '<path d="M17 3l3 3-3 3M20 6H8a4 4 0 0 0-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 0 0 4-4v-1"/>',
  close: '<path d="M6 6l12 12M18 6L6 18"/>',
  left: '<path d="M14.500 5.500L8 12l6.500 6.500"/>',
  right: '<path d="M9.500 5.500L16 12l-6.500 6.500"/>',
  sound: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3"/>',
};

export function icon(name) {
  const made = svg("svg", { class: "i", viewBox: "0 0 24 24", "aria-hidden": "true" });
  made.innerHTML = ICONS[name];
  return made;
}
