// The keys of a cache, page by page; what they begin with alike is opened like a folder.
import {json} from './api.js';
import {bytes, field, h, say, table, time} from './dom.js';

const PAGE = 200;
const SEPARATOR = /[:/.|]/;

export async function keys(place, [cache, start = '']) {
  const prefix = h('input', {value: start});
  const list = h('div');
  const more = h('button', {hidden: true, onclick: () => page()}, 'Go on');
  const seen = [];
  let cursor = '';
  const to = (name, ...parts) => `#/${[name, ...parts].map(encodeURIComponent).join('/')}`;

  function rows() {
    const folders = new Map();
    const found = [];
    for (const each of seen) {
      const at = each.key.slice(start.length).search(SEPARATOR);
      if (at >= 0 && start.length + at + 1 < each.key.length) {
        const folder = each.key.slice(0, start.length + at + 1);
        const known = folders.get(folder) ?? {n: 0, bytes: 0};
        folders.set(folder, {n: known.n + 1, bytes: known.bytes + each.bytes});
      } else {
        found.push([h('a', {href: to('entry', cache, each.key)}, each.key), '', bytes(each.bytes), each.ttl == null ? null : time(each.ttl)]);
      }
    }
    const open = [...folders].map(([folder, {n, bytes: size}]) =>
      [h('a', {href: to('keys', cache, folder)}, `${folder}…`), `${n}${cursor ? ' or more' : ''}`, bytes(size), null]);
    return [...open, ...found];
  }

  async function page() {
    more.disabled = true;
    try {
      const parameters = new URLSearchParams({limit: PAGE, ...(start && {prefix: start}), ...(cursor && {cursor})});
      const next = await json(`api/caches/${encodeURIComponent(cache)}/entries?${parameters}`);
      seen.push(...next.entries);
      cursor = next.cursor ?? '';
    } finally {
      more.disabled = false;
    }
    list.replaceChildren(seen.length
      ? table('Keys', ['Key', 'Keys#', 'Bytes#', 'Lives on#'], rows())
      : h('p', {}, 'There is no such key.'));
    more.hidden = !cursor;
    say(`${seen.length} keys seen${cursor ? '; there are more' : ', these are all'}.`);
  }

  place.append(h('h1', {}, `Keys of ${cache}`),
    h('p', {}, h('a', {href: to('cache', cache)}, 'Cache'), start ? [' · ', h('a', {href: to('keys', cache)}, 'All keys')] : []),
    h('form', {onsubmit: event => {
      event.preventDefault();
      location.hash = to('keys', cache, prefix.value);
    }}, field('Begin with', prefix), h('button', {}, 'Show'),
    h('button', {type: 'button', onclick: () => {
      location.hash = to('entry', cache, prefix.value);
    }}, 'Open as a key')),
    list, more);
  await page();
}
