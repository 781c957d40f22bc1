// Who is there, and who owns which of the partitions.
import {json} from './api.js';
import {bytes, count, h, svg, table} from './dom.js';
import {poll} from './poll.js';

const PAUSE = 2000;
const SIDE = 32;

function colour(index, all) {
  return `hsl(${210 + Math.round((360 * index) / Math.max(1, all))} 55% ${index % 2 ? 62 : 48}%)`;
}

export async function members(place, parts, signal) {
  const state = h('p', {role: 'status'});
  const list = h('div');
  const map = svg('svg', {class: 'map', viewBox: `0 0 ${SIDE} ${SIDE}`, role: 'img', 'aria-label': 'Partitions by owner; the table above has the numbers'});
  const cells = Array.from({length: SIDE * SIDE}, (none, i) =>
    svg('rect', {x: (i % SIDE) + 0.06, y: Math.floor(i / SIDE) + 0.06, width: 0.88, height: 0.88}, svg('title')));
  map.append(...cells);
  const legend = h('ul', {class: 'legend'});
  place.append(h('h1', {}, 'Members'), state, list, h('h2', {}, 'Partitions'), legend, map);
  await poll(signal, PAUSE, async () => {
    const [cluster, owned] = await Promise.all([json('api/cluster'), json('api/cluster/partitions')]);
    const moving = cluster.members.some(each => each.arriving || each.leaving);
    state.textContent = moving ? 'Partitions are moving.' : `Nothing moves; epoch ${cluster.epoch}.`;
    list.replaceChildren(table('Members', ['Name', 'State', 'Address', 'Partitions#', 'Arriving#', 'Leaving#', 'Entries#', 'Memory#'],
      cluster.members.map(each => [each.name, each.state, each.url, count(each.partitions), count(each.arriving), count(each.leaving), count(each.entries), each.bytes == null ? null : bytes(each.bytes)])));
    const names = owned.members;
    legend.replaceChildren(...names.map((name, i) =>
      h('li', {}, svg('svg', {viewBox: '0 0 1 1', 'aria-hidden': 'true'}, svg('rect', {width: 1, height: 1, fill: colour(i, names.length)})), ` ${name}`)));
    owned.owners.forEach((owner, i) => {
      const source = owned.sources[i];
      cells[i].setAttribute('fill', owner < 0 ? 'none' : colour(owner, names.length));
      cells[i].setAttribute('class', moving && source >= 0 ? 'moving' : '');
      cells[i].firstChild.textContent = `partition ${i}: ${names[owner] ?? 'nobody'}${moving && source >= 0 ? `, from ${names[source]}` : ''}`;
    });
  });
}
