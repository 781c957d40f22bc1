package io.smache.node.api.batch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.smache.node.api.access.Access;
import io.smache.node.api.access.Caller;
import io.smache.node.api.access.Right;
import io.smache.node.cache.Cache;
import io.smache.node.engine.Answer;
import io.smache.node.store.Get;
import io.smache.node.store.JsonValue;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.RawJson;
import io.smache.protocol.message.Problem;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The items of a batch, in order; malformed ones are answered without being executed. */
final class Batch {
  /** The most items of a batch. */
  static final int MAX_ITEMS = 10_000;

  private final String cache;
  private final Caller caller;
  private final List<Item> items = new ArrayList<>();

  /** An operation, or the problem with it. */
  private record Item(Optional<Operation> operation, Optional<Problem> problem) {}

  Batch(String cache, Caller caller) {
    this.cache = cache;
    this.caller = caller;
  }

  int size() {
    return items.size();
  }

  /**
   * Adds the items of an array.
   *
   * @throws ProblemException 400 when the text is none, 413 when it has too many
   */
  void addAll(byte[] text) {
    if (!JsonValue.isUtf8(text)) {
      throw bad("the body is not JSON in UTF-8");
    }
    try (JsonParser parser = RawJson.FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw bad("the body must be a JSON array");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        add(BatchItem.read(parser, text));
      }
      if (parser.nextToken() != null) {
        throw bad("the body has something after its array");
      }
    } catch (JsonProcessingException e) {
      throw bad("the body is not valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("an array of bytes cannot fail", e);
    }
  }

  /**
   * Adds the item of a line.
   *
   * @throws ProblemException 413 when there are too many
   */
  void addLine(byte[] line) {
    try (JsonParser parser = RawJson.FACTORY.createParser(line)) {
      if (!JsonValue.isUtf8(line) || parser.nextToken() == null) {
        throw bad("the line is not JSON in UTF-8");
      }
      BatchItem item = BatchItem.read(parser, line);
      if (parser.nextToken() != null) {
        throw bad("the line has something after its object");
      }
      add(item);
    } catch (ProblemException e) {
      items.add(refused(e));
    } catch (IOException e) {
      items.add(refused(bad("the line is not valid JSON")));
    }
  }

  private void add(BatchItem item) {
    if (items.size() == MAX_ITEMS) {
      throw new ProblemException(
          Status.CONTENT_TOO_LARGE, "a batch may have at most " + MAX_ITEMS + " items");
    }
    try {
      Operation operation = item.operation(cache);
      checkRight(operation instanceof Get ? Right.READ : Right.WRITE);
      items.add(new Item(Optional.of(operation), Optional.empty()));
    } catch (ProblemException e) {
      items.add(refused(e));
    } catch (KeyException e) {
      items.add(refused(bad(String.valueOf(e.getMessage()))));
    }
  }

  private void checkRight(Right right) {
    if (!caller.may(right, cache)) {
      throw new ProblemException(Status.FORBIDDEN, Access.lack(caller, right, cache));
    }
  }

  private static Item refused(ProblemException e) {
    return new Item(Optional.empty(), Optional.of(e.problem()));
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }

  /** Executes the items; completes with one result each, in order. */
  CompletionStage<List<BatchResult>> perform(Cache operations) {
    List<Operation> wanted = items.stream().flatMap(item -> item.operation().stream()).toList();
    return operations.performAll(wanted).thenApply(this::results);
  }

  private List<BatchResult> results(List<Answer> answers) {
    List<BatchResult> results = new ArrayList<>(items.size());
    int next = 0;
    for (Item item : items) {
      results.add(
          item.problem().isPresent()
              ? new BatchResult.Refused(item.problem().get())
              : new BatchResult.Done(answers.get(next++)));
    }
    return results;
  }
}
