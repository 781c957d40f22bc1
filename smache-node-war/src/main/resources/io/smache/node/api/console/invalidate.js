// Lets many entries of a cache disappear at once.
import {json, reason, send} from './api.js';
import {confirmed, count, field, h, say} from './dom.js';

export async function invalidate(place, [cache]) {
  const kind = h('select', {}, h('option', {value: 'group'}, 'a group'), h('option', {value: 'prefix'}, 'keys that begin with'), h('option', {value: 'all'}, 'all entries'));
  const what = h('input', {size: 30});
  place.append(h('h1', {}, `Invalidate in ${cache}`),
    h('p', {}, h('a', {href: `#/cache/${encodeURIComponent(cache)}`}, 'Cache')),
    h('p', {class: 'soft'}, 'It counts on all nodes when it is answered, and costs the same for one entry as for a million.'),
    h('form', {onsubmit: event => {
      event.preventDefault();
      go(cache, kind.value, what.value);
    }}, field('What', kind), field('Group or beginning', what), h('button', {class: 'danger'}, 'Invalidate…')));
}

async function sentence(cache, kind, what) {
  if (kind === 'group') {
    return `All entries of the cache ${cache} in the group ${what} go away, on all nodes. How many there are is not known before.`;
  }
  const prefix = kind === 'prefix' ? `&prefix=${encodeURIComponent(what)}` : '';
  const page = await json(`api/caches/${encodeURIComponent(cache)}/entries?limit=1000${prefix}`);
  const number = `${count(page.entries.length)}${page.cursor ? ' or more' : ''}`;
  return `${number} entries of the cache ${cache}${kind === 'prefix' ? ` whose keys begin with ${what}` : ''} go away, on all nodes.`;
}

async function go(cache, kind, what) {
  if (kind !== 'all' && !what) {
    say('Name the group, or what keys begin with.');
    return;
  }
  try {
    if (await confirmed('Invalidate', await sentence(cache, kind, what), cache)) {
      const parameter = kind === 'all' ? 'all=true' : `${kind}=${encodeURIComponent(what)}`;
      const response = await send('DELETE', `api/caches/${encodeURIComponent(cache)}/entries?${parameter}`);
      say(response.ok ? 'Invalidated on all nodes.' : await reason(response));
    }
  } catch (error) {
    say(error.message);
  }
}
