// All caches with their figures; one cache with its settings.
import {json, reason, send} from './api.js';
import {bytes, confirmed, count, field, h, say, table} from './dom.js';
import {poll} from './poll.js';

const PAUSE = 3000;
const SETTINGS = {
  ttl: 'Time to live, such as 30s, 5m, 2h',
  idle: 'Time without use',
  maxEntries: 'Most entries of a node',
  maxBytes: 'Most bytes of a node',
  maxValueBytes: 'Most bytes of a value',
};

export async function caches(place, parts, signal) {
  const list = h('div');
  const name = h('input', {required: true, pattern: '[A-Za-z0-9._\\-]{1,64}', title: '1 to 64 of A-Z a-z 0-9 . _ -'});
  place.append(h('h1', {}, 'Caches'), list,
    h('form', {onsubmit: event => {
      event.preventDefault();
      location.hash = `#/cache/${encodeURIComponent(name.value)}`;
    }}, field('Name of a cache', name), h('button', {}, 'Open')));
  await poll(signal, PAUSE, async () => {
    const all = (await json('api/caches')).caches;
    list.replaceChildren(table('Caches', ['Name', 'Entries#', 'Memory#', 'Hits#', 'Misses#', 'Found#', 'Evictions#', 'Expirations#'],
      all.map(each => {
        const gets = each.hits + each.misses;
        return [h('a', {href: `#/cache/${encodeURIComponent(each.cache)}`}, each.cache), count(each.entries), bytes(each.bytes),
          count(each.hits), count(each.misses), gets ? `${((100 * each.hits) / gets).toFixed(1)} %` : null, count(each.evictions), count(each.expirations)];
      })));
    if (all.length === 0) {
      list.replaceChildren(h('p', {}, 'There is no cache yet: the first PUT makes one.'));
    }
  });
}

/** Times come in seconds; a part of one is only taken in ms. */
function shown(name, value) {
  return value == null ? '' : name.startsWith('max') || Number.isInteger(value) ? value : `${Math.round(value * 1000)}ms`;
}

export async function cache(place, [name]) {
  const path = `api/caches/${encodeURIComponent(name)}`;
  const response = await send('GET', path);
  if (!response.ok && response.status !== 404) {
    throw new Error(await reason(response));
  }
  const config = response.ok ? await response.json() : {};
  const inputs = Object.fromEntries(Object.keys(SETTINGS).map(each => [each, h('input', {value: shown(each, config[each]), size: 14})]));
  const to = page => `#/${page}/${encodeURIComponent(name)}`;
  place.append(h('h1', {}, `Cache ${name}`),
    h('p', {}, h('a', {href: to('keys')}, 'Keys'), ' · ', h('a', {href: to('invalidate')}, 'Invalidate')),
    h('h2', {}, 'Settings'),
    h('p', {class: 'soft'}, 'Empty is the default. They count on all nodes; to change them needs the right to administer, or the cluster’s secret as token.'),
    h('form', {onsubmit: event => {
      event.preventDefault();
      save(path, inputs);
    }}, Object.entries(SETTINGS).map(([each, label]) => field(label, inputs[each])), h('button', {class: 'main'}, 'Save')),
    h('h2', {}, 'Drop'),
    h('button', {class: 'danger', onclick: () => drop(path, name)}, 'Drop the cache'));
}

async function save(path, inputs) {
  const config = {};
  for (const [name, input] of Object.entries(inputs)) {
    const text = input.value.trim();
    if (text && name.startsWith('max') && !/^[1-9]\d*$/.test(text)) {
      say(`${SETTINGS[name]} is '${text}' but must be a whole number from 1 on.`);
      return;
    }
    if (text) {
      config[name] = name.startsWith('max') ? Number(text) : text;
    }
  }
  const response = await send('PUT', path, {headers: {'Content-Type': 'application/json'}, body: JSON.stringify(config)});
  say(response.ok ? 'Saved on all nodes.' : await reason(response));
}

async function drop(path, name) {
  if (await confirmed('Drop the cache', `All entries and the settings of the cache ${name} go away, on all nodes.`, name)) {
    const response = await send('DELETE', path);
    say(response.ok ? `${name} is dropped.` : await reason(response));
  }
}
