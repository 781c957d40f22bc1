package io.smache.node.engine.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.store.EntryId;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridKeyTest {
  @ParameterizedTest
  @ValueSource(strings = {"1", "k", "gr\u00fc\u00df", "a/b"})
  void bytes_areReadAsTheSameEntry(String text) throws KeyException {
    EntryId id = new EntryId("caf\u00e9", Key.of(text));
    byte[] bytes = GridKey.of(id);
    assertThat(GridKey.id(bytes)).isEqualTo(id);
    assertThat(GridKey.startsWith(bytes, GridKey.prefix(id.key().partition(), "caf\u00e9")))
        .isTrue();
    assertThat(GridKey.startsWith(bytes, GridKey.prefix(id.key().partition(), "caf"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "k", "abcd", "another"})
  void segment_isThePartition(String text) throws KeyException {
    Key key = Key.of(text);
    byte[] bytes = GridKey.of(new EntryId("c", key));
    GridPartitioner partitioner = new GridPartitioner();
    assertThat(partitioner.getSegment(bytes)).isEqualTo(key.partition());
    assertThat(partitioner.getSegment(new WrappedByteArray(bytes))).isEqualTo(key.partition());
  }

  /** What Infinispan asks when owners are added. */
  @Test
  void segment_ofASegment_isItself() {
    assertThat(new GridPartitioner().getSegment(77)).isEqualTo(77);
  }
}
