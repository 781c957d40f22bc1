// Shows the page that the address names, and ends the one before.
import {h, say} from './dom.js';
import {overview} from './overview.js';
import {members} from './members.js';
import {caches, cache} from './caches.js';
import {keys} from './keys.js';
import {entry} from './entry.js';
import {invalidate} from './invalidate.js';
import {slow} from './slow.js';
import {request} from './request.js';

const pages = {'': overview, members, caches, cache, keys, entry, invalidate, slow, request};
const main = document.getElementById('main');
let ended = new AbortController();

async function show() {
  ended.abort();
  ended = new AbortController();
  const {signal} = ended;
  const [name, ...encoded] = location.hash.replace(/^#\/?/, '').split('/');
  for (const link of document.querySelectorAll('nav a')) {
    const current = link.hash === `#/${name}` || (link.hash === '#/caches' && /^(cache|keys|entry|invalidate)$/.test(name));
    current ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
  say('');
  const place = h('div');
  try {
    await (pages[name] ?? nothing)(place, encoded.map(decodeURIComponent), signal);
  } catch (error) {
    if (!place.querySelector('h1')) {
      place.append(h('h1', {}, 'This page cannot be shown'));
    }
    place.append(h('p', {class: 'bad', role: 'alert'}, String(error.message ?? error)));
  }
  if (!signal.aborted) {
    main.replaceChildren(place);
    document.title = `${place.querySelector('h1')?.textContent ?? 'Smache'} · Smache`;
    main.focus({preventScroll: true});
  }
}

function nothing(place) {
  place.append(h('h1', {}, 'There is no such page'), h('p', {}, h('a', {href: '#/'}, 'Overview')));
}

addEventListener('unhandledrejection', ({reason}) => say(String(reason?.message ?? reason)));
addEventListener('hashchange', show);
document.getElementById('node').textContent = `node at ${location.host}`;
await show();
