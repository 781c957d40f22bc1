// Uses the generated TypeScript client as a program would. Arguments: URL of a node, name of a
// cache, secret of the cluster. Prints what is wrong, and nothing else.
import {
  BatchItem,
  CachesApi,
  Configuration,
  EntriesApi,
  EntryPage,
  ListedEntry,
  ResponseError,
  SimpleApi,
} from './client';

declare const process: { argv: string[]; exitCode: number };

const [basePath, cache, secret] = process.argv.slice(2);
const entries = new EntriesApi(new Configuration({ basePath }));
const simple = new SimpleApi(new Configuration({ basePath }));
const caches = new CachesApi(new Configuration({ basePath }));
const administration = new CachesApi(new Configuration({ basePath, accessToken: secret }));

const everyByte = new Uint8Array(256).map((_, index) => index);

function equal(actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) {
    throw new Error(`${is} is not ${should}`);
  }
}

async function status(call: Promise<unknown>): Promise<[number, string]> {
  try {
    await call;
    return [200, ''];
  } catch (error) {
    if (error instanceof ResponseError) {
      return [error.response.status, await error.response.text()];
    }
    throw error;
  }
}

async function bytes(key: string): Promise<number[]> {
  const blob: Blob = await entries.getEntry({ cache, key });
  return [...new Uint8Array(await blob.arrayBuffer())];
}

const checks: Record<string, () => Promise<void>> = {
  async bytes_comeBackAsTheyWerePut() {
    await entries.putEntry({ cache, key: 'dir/bytes', body: new Blob([everyByte]), ttl: '1h' });
    equal(await bytes('dir/bytes'), [...everyByte]);
  },

  async batch_withOmittedMembers_isDone() {
    const batchItem: BatchItem[] = [
      { op: 'put', key: 'json', value: { n: [1, null] } },
      { op: 'get', key: 'json', groups: [], ttl: undefined },
      { op: 'get', key: 'dir/bytes' },
    ];
    const results = await entries.batch({ cache, batchItem });
    equal(results.map((result) => result.status), [201, 200, 200]);
    equal(results[1].value, { n: [1, null] });
    equal(results[2].base64, btoa(String.fromCharCode(...everyByte)));
  },

  async list_hasTypedEntries() {
    const listed: ListedEntry[] = [];
    let cursor: string | undefined;
    do {
      const page: EntryPage = await entries.listEntries({ cache, limit: 1, cursor });
      listed.push(...page.entries);
      cursor = page.cursor;
    } while (cursor !== undefined);
    equal(listed.map((entry) => entry.key).sort(), ['dir/bytes', 'json']);
    const entry = listed.find((each) => each.key === 'dir/bytes');
    equal(entry?.bytes, 256);
    equal(entry?.ttl !== undefined && entry.ttl > 3000, true);
  },

  async increment_exceedsInt32() {
    const first: number = await entries.incrementEntry({ cache, key: 'n', by: 5_000_000_000 });
    equal(first, 5_000_000_000);
    equal(await entries.incrementEntry({ cache, key: 'n', by: 2 }), 5_000_000_002);
  },

  async configuration_needsTheSecret() {
    const cacheConfigUpdate = { ttl: '2h', maxEntries: 1000 };
    await administration.configureCache({ cache, cacheConfigUpdate });
    const config = await caches.getCacheConfig({ cache });
    equal([config.ttl, config.maxEntries], [7200, 1000]);
    equal((await status(caches.configureCache({ cache, cacheConfigUpdate })))[0], 401);
    const { caches: all } = await caches.listCaches();
    equal(all.some((each) => each.cache === cache), true);
  },

  async simpleApi_keepsJson() {
    await simple.simplePut({ simplePut: { key: cache, data: { a: 1 } } });
    equal((await simple.simpleGet({ key: cache })).data, { a: 1 });
  },

  async invalidation_ofNothing_isRefused() {
    const [code, detail] = await status(
      entries.invalidateEntries({ cache, all: undefined, group: undefined, prefix: undefined }),
    );
    equal([code, detail.includes('all=true')], [400, true]);
    equal(await bytes('dir/bytes'), [...everyByte]);
  },

  async invalidation_ofAll_isDone() {
    await entries.invalidateEntries({ cache, all: true });
    equal((await status(entries.getEntry({ cache, key: 'dir/bytes' })))[0], 404);
  },
};

async function main(): Promise<void> {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
    } catch (error) {
      console.error(`${name}: ${error}`);
      process.exitCode = 1;
    }
  }
}

void main();
