// What took long at this node.
import {json} from './api.js';
import {h, table, time} from './dom.js';
import {poll} from './poll.js';

const PAUSE = 3000;

export async function slow(place, parts, signal) {
  const intro = h('p');
  const list = h('div');
  place.append(h('h1', {}, 'Slow requests'), intro, list);
  await poll(signal, PAUSE, async () => {
    const {threshold, requests} = await json('api/slow');
    intro.textContent = `The last ones of this node that took ${time(threshold)} or longer, the newest first.`;
    list.replaceChildren(requests.length
      ? table('Slow requests', ['Path', 'Method', 'Status#', 'Took#', 'When', 'From', 'Owner'],
        requests.map(each => [each.path, each.method, String(each.status), time(each.seconds), new Date(each.at).toLocaleTimeString(), each.from, each.node]))
      : h('p', {}, 'There was none.'));
  });
}
