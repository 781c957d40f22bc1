import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.CachesApi;
import org.openapitools.client.api.EntriesApi;
import org.openapitools.client.api.SimpleApi;
import org.openapitools.client.model.BatchItem;
import org.openapitools.client.model.BatchResult;
import org.openapitools.client.model.CacheConfig;
import org.openapitools.client.model.CacheConfigUpdate;
import org.openapitools.client.model.EntryPage;
import org.openapitools.client.model.ListedEntry;
import org.openapitools.client.model.SimplePut;

/**
 * Uses the generated Java client as a program would. Arguments: URL of a node, name of a cache,
 * secret of the cluster. Prints what is wrong, and nothing else.
 */
final class Main {
  private static final byte[] EVERY_BYTE = new byte[256];

  static {
    for (int i = 0; i < EVERY_BYTE.length; i++) {
      EVERY_BYTE[i] = (byte) i;
    }
  }

  private final String cache;
  private final EntriesApi entries;
  private final SimpleApi simple;
  private final CachesApi caches;
  private final CachesApi administration;
  private boolean failed;

  private Main(String url, String cache, String secret) {
    this.cache = cache;
    entries = new EntriesApi(client(url));
    simple = new SimpleApi(client(url));
    caches = new CachesApi(client(url));
    ApiClient administrator = client(url);
    administrator.setRequestInterceptor(
        request -> request.header("Authorization", "Bearer " + secret));
    administration = new CachesApi(administrator);
  }

  private static ApiClient client(String url) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(url);
    client.setObjectMapper(new FileMapper(ApiClient.createDefaultObjectMapper()));
    return client;
  }

  private interface Check {
    void run() throws ApiException, IOException;
  }

  public static void main(String[] arguments) {
    Main main = new Main(arguments[0], arguments[1], arguments[2]);
    main.check("bytes_comeBackAsTheyWerePut", main::bytes);
    main.check("batch_withOmittedMembers_isDone", main::batch);
    main.check("list_hasTypedEntries", main::list);
    main.check("increment_exceedsInt32", main::increment);
    main.check("configuration_needsTheSecret", main::configuration);
    main.check("simpleApi_keepsJson", main::simpleApi);
    main.check("invalidation_ofNothing_isRefused", main::invalidationOfNothing);
    main.check("invalidation_ofAll_isDone", main::invalidationOfAll);
    System.exit(main.failed ? 1 : 0);
  }

  private void check(String name, Check check) {
    try {
      check.run();
    } catch (ApiException | IOException | RuntimeException | AssertionError e) {
      System.err.println(name + ": " + e);
      failed = true;
    }
  }

  private void bytes() throws ApiException, IOException {
    Path file = Files.createTempFile("value", ".bin");
    Files.write(file, EVERY_BYTE);
    entries.putEntry(
        cache,
        "dir/bytes",
        file.toFile(),
        "1h",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
    Files.delete(file);
    equal(Arrays.equals(read("dir/bytes"), EVERY_BYTE), true);
  }

  private byte[] read(String key) throws ApiException, IOException {
    File file = entries.getEntry(cache, key, null, null, null, null, null, null, null, null);
    byte[] bytes = Files.readAllBytes(file.toPath());
    Files.delete(file.toPath());
    return bytes;
  }

  private void batch() throws ApiException {
    Map<String, List<Integer>> value = Map.of("n", List.of(1, 2));
    List<BatchResult> results =
        entries.batch(
            cache,
            List.of(
                new BatchItem().op(BatchItem.OpEnum.PUT).key("json").value(value),
                new BatchItem().op(BatchItem.OpEnum.GET).key("json"),
                new BatchItem().op(BatchItem.OpEnum.GET).key("dir/bytes")),
            null);
    equal(results.stream().map(BatchResult::getStatus).toList(), List.of(201, 200, 200));
    equal(results.get(1).getValue(), value);
    equal(results.get(2).getBase64(), Base64.getEncoder().encodeToString(EVERY_BYTE));
  }

  private void list() throws ApiException {
    List<ListedEntry> listed = new ArrayList<>();
    String cursor = null;
    do {
      EntryPage page = entries.listEntries(cache, null, 1, cursor);
      listed.addAll(page.getEntries());
      cursor = page.getCursor();
    } while (cursor != null);
    equal(
        new TreeSet<>(listed.stream().map(ListedEntry::getKey).toList()),
        new TreeSet<>(List.of("dir/bytes", "json")));
    for (ListedEntry entry : listed) {
      if (entry.getKey().equals("dir/bytes")) {
        equal(entry.getBytes(), 256L);
        equal(entry.getTtl() > 3000, true);
      }
    }
  }

  private void increment() throws ApiException {
    equal(increment(5_000_000_000L), 5_000_000_000L);
    equal(increment(2), 5_000_000_002L);
  }

  private Long increment(long by) throws ApiException {
    return entries.incrementEntry(
        cache, "n", by, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  private void configuration() throws ApiException, IOException {
    CacheConfigUpdate update = new CacheConfigUpdate().ttl("2h").maxEntries(1000L);
    administration.configureCache(cache, update);
    CacheConfig config = caches.getCacheConfig(cache);
    equal(config.getTtl(), 7200.0);
    equal(config.getMaxEntries(), 1000L);
    equal(refusal(() -> caches.configureCache(cache, update)).getCode(), 401);
    boolean isListed =
        caches.listCaches().getCaches().stream().anyMatch(each -> each.getCache().equals(cache));
    equal(isListed, true);
  }

  private void simpleApi() throws ApiException {
    simple.simplePut(new SimplePut().key(cache).data(Map.of("a", 1)));
    equal(simple.simpleGet(cache).getData(), Map.of("a", 1));
  }

  private void invalidationOfNothing() throws ApiException, IOException {
    ApiException refusal = refusal(() -> entries.invalidateEntries(cache, null, null, null, null));
    equal(refusal.getCode(), 400);
    equal(refusal.getResponseBody().contains("all=true"), true);
    equal(Arrays.equals(read("dir/bytes"), EVERY_BYTE), true);
  }

  private void invalidationOfAll() throws ApiException, IOException {
    entries.invalidateEntries(cache, true, null, null, null);
    equal(refusal(() -> read("dir/bytes")).getCode(), 404);
  }

  private static ApiException refusal(Check call) throws IOException {
    try {
      call.run();
    } catch (ApiException e) {
      return e;
    }
    throw new AssertionError("the request was not refused");
  }

  private static void equal(Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(actual + " is not " + expected);
    }
  }
}
