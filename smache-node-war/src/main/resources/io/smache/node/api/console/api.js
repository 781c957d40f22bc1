// Requests to the node that this page comes from.
import {ask, field, h} from './dom.js';

const base = new URL('..', document.baseURI);

/** In memory only: it is gone when the page is. */
let token = '';
let asking = null;

export function url(path) {
  return new URL(path, base);
}

/** The path of an entry. A browser resolves dots in a path, however they are written. */
export function entryPath(cache, key, parameters = '') {
  const entries = `api/caches/${encodeURIComponent(cache)}/entries`;
  return /^\.{1,2}$/.test(key)
    ? `${entries}?key=${key}${parameters && '&' + parameters}`
    : `${entries}/${encodeURIComponent(key)}${parameters && '?' + parameters}`;
}

async function askForToken(wrong) {
  const input = h('input', {type: 'password', autocomplete: 'off', required: true});
  const answer = await ask(wrong ? 'This token is not known here' : 'A token is needed',
    [h('p', {class: 'whole'}, 'This node asks for a token. It stays in the memory of this page.'),
      field('Token', input, true)],
    [h('button', {value: 'go', class: 'main'}, 'Use it'), h('button', {value: '', formnovalidate: true}, 'Cancel')]);
  token = answer === 'go' ? input.value.trim() : token;
  return answer === 'go';
}

/** Sends a request; asks for a token when the node does. */
export async function send(method, path, {headers = {}, body} = {}) {
  const used = token;
  const own = token ? {Authorization: `Bearer ${token}`} : {};
  const response = await fetch(url(path), {method, headers: {...own, ...headers}, body, cache: 'no-store'});
  if (response.status !== 401) {
    return response;
  }
  if (token !== used) {
    return send(method, path, {headers, body});
  }
  asking ??= askForToken(token !== '').finally(() => {
    asking = null;
  });
  return (await asking) && token !== used ? send(method, path, {headers, body}) : response;
}

/** Why a request failed, as a sentence. */
export async function reason(response) {
  const text = await response.text();
  try {
    const problem = JSON.parse(text);
    return `${response.status}: ${problem.detail ?? problem.message ?? text}`;
  } catch {
    return `${response.status} ${response.statusText} ${text}`;
  }
}

/** Returns JSON; throws what the node says else. */
export async function json(path) {
  const response = await send('GET', path);
  if (!response.ok) {
    throw new Error(await reason(response));
  }
  return response.json();
}

/** Returns the metrics of this node: values by name and labels as they are written. */
export async function metrics() {
  const response = await send('GET', 'api/metrics', {headers: {Accept: 'text/plain'}});
  if (!response.ok) {
    throw new Error(await reason(response));
  }
  const values = new Map();
  for (const line of (await response.text()).split('\n')) {
    const space = line.lastIndexOf(' ');
    if (space > 0 && !line.startsWith('#')) {
      values.set(line.slice(0, space), Number(line.slice(space + 1)));
    }
  }
  return values;
}
