// Any request to this node.
import {send} from './api.js';
import {field, h, say} from './dom.js';

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'];

function fields(text) {
  const headers = {};
  for (const line of text.split('\n').filter(each => each.trim())) {
    const colon = line.indexOf(':');
    if (colon < 1) {
      throw new Error(`A field is NAME: VALUE, not ${line}`);
    }
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}

export async function request(place) {
  const method = h('select', {}, METHODS.map(each => h('option', {}, each)));
  const path = h('input', {value: '/api/cluster', size: 50});
  const headers = h('textarea', {rows: 3, spellcheck: 'false', placeholder: 'Content-Type: application/json'});
  const body = h('textarea', {spellcheck: 'false'});
  const answer = h('pre', {'aria-live': 'polite', hidden: true});
  place.append(h('h1', {}, 'Request'),
    h('form', {onsubmit: async event => {
      event.preventDefault();
      try {
        const began = performance.now();
        const sent = /^(GET|HEAD)$/.test(method.value) || !body.value ? undefined : body.value;
        const response = await send(method.value, path.value.replace(/^\//, ''), {headers: fields(headers.value), body: sent});
        const text = await response.text();
        const took = performance.now() - began;
        answer.textContent = `${response.status} ${response.statusText}\n${[...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${text}`;
        answer.hidden = false;
        say(`Took ${took.toFixed(1)} ms.`);
      } catch (error) {
        say(error.message);
      }
    }}, field('Method', method), field('Path', path), field('Fields, one a line', headers, true), field('Body', body, true),
    h('button', {class: 'main'}, 'Send')), answer);
}
