// One entry: what it is, in several views; edited without touching its life.
import {entryPath, reason, send, url} from './api.js';
import {confirmed, field, h, put, say} from './dom.js';

const MOST_SHOWN = 1 << 18;
const NEW = {type: 'application/json', etag: null, groups: '', life: 'the default of the cache', bytes: new Uint8Array()};

async function read(cache, key) {
  const response = await send('GET', entryPath(cache, key));
  if (response.status === 404) {
    return {...NEW};
  }
  if (!response.ok) {
    throw new Error(await reason(response));
  }
  const field = name => response.headers.get(name);
  const age = /max-age=(\d+)/.exec(field('Cache-Control') ?? '')?.[1];
  return {
    type: field('Content-Type') ?? 'application/octet-stream',
    etag: field('ETag'),
    groups: field('Cache-Groups') ?? '',
    life: age == null ? 'no end at a set time' : `${age} s left`,
    owner: field('Smache-Node'),
    written: field('Last-Modified'),
    state: field('Smache-State'),
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

function text(bytes) {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    return null;
  }
}

function hex(bytes) {
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, MOST_SHOWN / 4); at += 16) {
    const part = [...bytes.slice(at, at + 16)];
    lines.push(`${at.toString(16).padStart(8, '0')}  ${part.map(each => each.toString(16).padStart(2, '0')).join(' ').padEnd(48)} ${part.map(each => (each > 31 && each < 127 ? String.fromCharCode(each) : '.')).join('')}`);
  }
  return lines.join('\n');
}

function pretty(value) {
  try {
    JSON.parse(value);
  } catch {
    return null;
  }
  // Numbers stay as they are written: a parser would round them.
  let depth = 0;
  let out = '';
  for (const [token] of value.matchAll(/"(?:\\.|[^"\\])*"|[^\s{}[\],:"]+|[{}[\],:]/g)) {
    const line = () => `\n${'  '.repeat(depth)}`;
    if (token === '{' || token === '[') {
      depth++;
      out += token + line();
    } else if (token === '}' || token === ']') {
      depth--;
      out = /[{[]\s*$/.test(out) ? out.trimEnd() + token : out + line() + token;
    } else {
      out += token === ',' ? token + line() : token === ':' ? ': ' : token;
    }
  }
  return out;
}

/** An image is drawn, not linked: no address of a value gets into the page. */
async function picture(bytes, type) {
  const image = await createImageBitmap(new Blob([bytes], {type}));
  const canvas = h('canvas', {width: image.width, height: image.height, role: 'img', 'aria-label': `${image.width} × ${image.height} pixels`});
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas;
}

function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export async function entry(place, [cache, key]) {
  const found = await read(cache, key);
  const value = text(found.bytes);
  const shown = h('div', {'aria-live': 'polite'});
  const show = node => shown.replaceChildren(node);
  const json = value == null || found.bytes.length > MOST_SHOWN ? null : pretty(value);
  const views = [
    json != null && ['JSON', () => show(h('pre', {}, json))],
    value != null && ['Text', () => show(h('pre', {}, value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)} …` : value))],
    ['Hex', () => show(h('pre', {}, hex(found.bytes)))],
    /^image\/(?!svg)/.test(found.type) && ['Image', async () => {
      try {
        show(await picture(found.bytes, found.type));
      } catch {
        show(h('p', {}, 'This is no image that the browser knows.'));
      }
    }],
  ].filter(Boolean);
  const type = h('input', {value: found.type, size: 30});
  const groups = h('input', {value: found.groups, size: 30, placeholder: '"group", "another"'});
  const body = h('textarea', {spellcheck: 'false'}, value ?? '');
  const untouched = body.value; // a text area has line breaks of its own
  put(place,
    h('h1', {}, key),
    h('p', {}, h('a', {href: `#/keys/${encodeURIComponent(cache)}`}, `Keys of ${cache}`)),
    found.etag == null
      ? h('p', {}, 'There is no such entry; it can be made here.')
      : h('dl', {}, [['Bytes', found.bytes.length], ['Owner', found.owner], ['Written', found.written], ['Life', found.life], ['ETag', found.etag], ['State', found.state ?? 'fresh']]
        .map(([name, text]) => [h('dt', {}, name), h('dd', {}, String(text))])),
    found.etag == null ? [] : [h('h2', {}, 'Value'),
      h('div', {class: 'buttons', role: 'group', 'aria-label': 'Views'}, views.map(([name, view]) => h('button', {onclick: view}, name)),
        h('button', {onclick: () => copy(cache, key)}, 'Copy as curl')), shown],
    h('h2', {}, found.etag == null ? 'Make it' : 'Edit'),
    value == null
      ? h('p', {}, 'The value is no text, so it cannot be edited here.')
      : h('form', {onsubmit: event => {
        event.preventDefault();
        save(cache, key, found, {type: type.value, groups: groups.value, body: body.value === untouched ? found.bytes : body.value});
      }}, field('Media type', type), field('Groups', groups), field('Value', body, true),
      h('button', {class: 'main'}, found.etag == null ? 'Create' : 'Save'),
      h('span', {class: 'soft'}, found.etag == null ? '' : 'Its life stays; nothing is saved if somebody else has changed it.')),
    found.etag == null ? [] : h('button', {class: 'danger', onclick: () => remove(cache, key, found)}, 'Delete'));
  if (found.etag != null) {
    views[0][1]();
  }
}

async function copy(cache, key) {
  const command = `curl -i ${quoted(String(url(entryPath(cache, key))))}`;
  try {
    await navigator.clipboard.writeText(command);
    say(`Copied: ${command}`);
  } catch {
    say(command);
  }
}

async function save(cache, key, found, {type, groups, body}) {
  const headers = {'Content-Type': type, ...(groups.trim() && {'Cache-Groups': groups}), ...(found.etag == null ? {'If-None-Match': '*'} : {'If-Match': found.etag})};
  const response = await send('PUT', entryPath(cache, key, found.etag == null ? '' : 'keep=ttl'), {headers, body});
  if (response.ok) {
    found.etag = response.headers.get('ETag');
    say('Saved.');
  } else if (response.status === 412) {
    say('Somebody else has changed it meanwhile: open it again, and nothing of theirs is lost.');
  } else {
    say(await reason(response));
  }
}

async function remove(cache, key, found) {
  if (await confirmed('Delete', `The entry ${key} of the cache ${cache} goes away.`, key)) {
    const response = await send('DELETE', entryPath(cache, key), {headers: {'If-Match': found.etag}});
    say(response.ok ? 'Deleted.' : await reason(response));
  }
}
