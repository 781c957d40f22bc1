// How much goes on: the whole cluster, and the times of this node.
import {json, metrics} from './api.js';
import {Chart} from './chart.js';
import {bytes, count, h, table, time} from './dom.js';
import {poll} from './poll.js';

const PAUSE = 2000;

function sum(list, ...names) {
  return list.reduce((all, each) => all + names.reduce((one, name) => one + (each[name] ?? 0), 0), 0);
}

/** The time below which a part of the requests stayed since the last look, in seconds. */
function quantile(part, now, before) {
  const buckets = [];
  for (const [name, value] of now) {
    const bound = /^smache_request_duration_seconds_bucket\{api="(?:entries|simple|batch)".*le="([^"]+)"/.exec(name)?.[1];
    if (bound) {
      const at = bound === '+Inf' ? Infinity : Number(bound);
      const known = buckets.find(each => each.at === at) ?? buckets[buckets.push({at, n: 0}) - 1];
      known.n += value - (before.get(name) ?? 0);
    }
  }
  buckets.sort((one, other) => one.at - other.at);
  const all = buckets.at(-1)?.n ?? 0;
  const within = all > 0 ? buckets.find(each => each.n >= part * all).at : null;
  return within === Infinity ? buckets.at(-2)?.at ?? null : within;
}

export async function overview(place, parts, signal) {
  const reads = new Chart('Reads a second, all nodes', count);
  const ratio = new Chart('Of these found', value => `${(100 * value).toFixed(1)} %`);
  const requests = new Chart('Requests a second, this node', count);
  const slowest = new Chart('99 % of them within, this node', time);
  const entries = new Chart('Entries, all nodes', count);
  const memory = new Chart('Memory of entries, all nodes', bytes);
  const evictions = new Chart('Evictions a second, all nodes', count);
  const connections = new Chart('Connections, this node', count);
  const nodes = h('div');
  place.append(h('h1', {}, 'Overview'),
    h('div', {class: 'cards'}, [reads, ratio, requests, slowest, entries, memory, evictions, connections].map(each => each.element)),
    h('h2', {}, 'Members'), nodes);
  let before = null;
  await poll(signal, PAUSE, async () => {
    const [all, cluster, own] = await Promise.all([json('api/caches'), json('api/cluster'), metrics()]);
    const at = performance.now();
    const now = {at, own, hits: sum(all.caches, 'hits'), gets: sum(all.caches, 'hits', 'misses'), evicted: sum(all.caches, 'evictions')};
    entries.add(sum(cluster.members, 'entries'));
    memory.add(sum(cluster.members, 'bytes'));
    connections.add([...own].filter(([name]) => name.startsWith('smache_connections')).reduce((open, [, value]) => open + value, 0));
    if (before) {
      const seconds = (at - before.at) / 1000;
      const gets = Math.max(0, now.gets - before.gets);
      const done = values => [...values].filter(([name]) => name.startsWith('smache_requests_total')).reduce((n, [, value]) => n + value, 0);
      reads.add(gets / seconds);
      ratio.add(gets > 0 ? (now.hits - before.hits) / gets : null);
      evictions.add(Math.max(0, now.evicted - before.evicted) / seconds);
      requests.add((done(own) - done(before.own)) / seconds);
      slowest.add(quantile(0.99, own, before.own));
    }
    before = now;
    nodes.replaceChildren(table('Members', ['Name', 'State', 'Partitions#', 'Entries#', 'Memory#'],
      cluster.members.map(each => [each.name, each.state, count(each.partitions), count(each.entries), each.bytes == null ? null : bytes(each.bytes)])));
  });
}
