// Elements. What comes from the cache becomes text, never markup.

function made(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value != null) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(2).filter(child => child != null));
  return element;
}

export function h(name, attributes = {}, ...children) {
  return made(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return made(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/** Adds children to an element; lists of them, too. */
export function put(element, ...children) {
  return made(element, {}, children);
}

/** A table that scrolls by itself in a narrow window; a heading that ends with # is one of numbers. */
export function table(caption, headings, rows) {
  const numbers = headings.map(heading => heading.endsWith('#'));
  const kind = column => (numbers[column] ? 'number' : column === 0 ? 'key' : null);
  return h('div', {class: 'wide', tabindex: 0, role: 'region', 'aria-label': caption},
    h('table', {},
      h('thead', {}, h('tr', {}, headings.map((heading, column) =>
        h('th', {scope: 'col', class: kind(column)}, heading.replace('#', ''))))),
      h('tbody', {}, rows.map(row =>
        h('tr', {}, row.map((cell, column) => h('td', {class: kind(column)}, cell ?? '–')))))));
}

export function field(label, control, whole) {
  return h('label', {class: whole ? 'whole' : null}, h('span', {}, label), control);
}

export function say(text) {
  document.getElementById('status').textContent = text;
}

/** Shows a dialog; resolves with the value of the button that closed it, '' for none. */
export function ask(title, content, buttons) {
  return new Promise(resolve => {
    const id = 'dialog-title';
    const dialog = h('dialog', {'aria-labelledby': id, onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue);
    }}, h('form', {method: 'dialog'},
      h('h2', {id, class: 'whole'}, title), content, h('div', {class: 'buttons whole'}, buttons)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks before something is destroyed; what is destroyed has to be typed. */
export async function confirmed(title, sentence, name) {
  const typed = h('input', {autocomplete: 'off', oninput: () => {
    go.disabled = typed.value !== name;
  }});
  const go = h('button', {value: 'go', class: 'danger', disabled: true}, title);
  const answer = await ask(title,
    [h('p', {class: 'whole'}, sentence), field(`Type ${name} to go on`, typed, true)],
    [go, h('button', {value: '', formnovalidate: true}, 'Cancel')]);
  return answer === 'go' && typed.value === name;
}

export function count(number) {
  return number == null ? '–' : Math.round(number).toLocaleString('en');
}

export function bytes(number) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (number >= 1024 && unit < units.length - 1) {
    number /= 1024;
    unit++;
  }
  return `${unit === 0 ? number : number.toFixed(1)} ${units[unit]}`;
}

export function time(seconds) {
  if (seconds == null) {
    return '–';
  }
  if (seconds < 0.001) {
    return `${Math.round(seconds * 1e6)} µs`;
  }
  if (seconds < 1) {
    return `${(seconds * 1000).toFixed(1)} ms`;
  }
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(0)} min`;
}
