package io.smache.node.engine.grid;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.infinispan.protostream.FileDescriptorSource;
import org.infinispan.protostream.ProtobufTagMarshaller;
import org.infinispan.protostream.SerializationContext;
import org.infinispan.protostream.SerializationContextInitializer;
import org.infinispan.protostream.TagReader;
import org.infinispan.protostream.TagWriter;
import org.infinispan.protostream.descriptors.WireType;
import org.jspecify.annotations.Nullable;

/** How members tell each other what is Smache's own in Infinispan. */
final class GridContext implements SerializationContextInitializer {
  private static final String FILE = "smache.proto";

  /** Short names on the wire: those from 100,000 on are for applications. */
  private static final String SCHEMA =
      """
      syntax = "proto3";
      package smache;
      /** @TypeId(100000) */
      message Placement { }
      /** @TypeId(100001) */
      message Exchange { }
      /** @TypeId(100002) */
      message Swap {
        bytes before = 1;
        bytes next = 2;
        int64 keep = 3;
        int64 number = 4;
        bool refused = 5;
      }
      """;

  private final Placement placement;
  private final Map<String, Copies> copies;

  /** Takes the placement of this member, and what it has: each knows its own. */
  GridContext(Placement placement, Map<String, Copies> copies) {
    this.placement = placement;
    this.copies = copies;
  }

  @Override
  public void registerSchema(SerializationContext context) {
    context.registerProtoFiles(FileDescriptorSource.fromString(FILE, SCHEMA));
  }

  @Override
  public void registerMarshallers(SerializationContext context) {
    context.registerMarshaller(new Own<>("smache.Placement", Placement.class, () -> placement));
    context.registerMarshaller(
        new Own<>("smache.Exchange", Exchange.class, () -> new Exchange(copies)));
    context.registerMarshaller(new SwapForm());
  }

  /** What each member has itself: there is nothing to say but its name. */
  private record Own<T>(String name, Class<T> type, Supplier<T> own)
      implements ProtobufTagMarshaller<T> {
    @Override
    public T read(ReadContext in) {
      return own.get();
    }

    @Override
    public void write(WriteContext out, T same) {
      // its name is enough
    }

    @Override
    public Class<? extends T> getJavaClass() {
      return type;
    }

    @Override
    public String getTypeName() {
      return name;
    }
  }

  /**
   * A swap: to its owner what is to be there before and after, to a member with a copy the number
   * of the decision, and what is to be there after.
   */
  private static final class SwapForm implements ProtobufTagMarshaller<Swap> {
    private static final int BEFORE = 1;
    private static final int NEXT = 2;
    private static final int KEEP = 3;
    private static final int NUMBER = 4;
    private static final int REFUSED = 5;

    @Override
    public Swap read(ReadContext context) throws IOException {
      TagReader in = context.getReader();
      byte @Nullable [] before = null;
      byte @Nullable [] next = null;
      long keep = 0;
      long number = 0;
      boolean refused = false;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireType.getTagFieldNumber(tag)) {
          case BEFORE -> before = in.readByteArray();
          case NEXT -> next = in.readByteArray();
          case KEEP -> keep = in.readInt64();
          case NUMBER -> number = in.readInt64();
          case REFUSED -> refused = in.readBool();
          default -> in.skipField(tag);
        }
      }
      return number == 0 ? Swap.of(before, next, keep) : Swap.told(next, keep, number, refused);
    }

    @Override
    public void write(WriteContext context, Swap swap) throws IOException {
      TagWriter out = context.getWriter();
      byte[] before = swap.before();
      byte[] next = swap.next();
      if (swap.isDecided()) {
        out.writeInt64(NUMBER, swap.number());
      } else if (before != null) {
        out.writeBytes(BEFORE, before);
      }
      if (swap.isRefused()) {
        out.writeBool(REFUSED, true);
      } else if (next != null) {
        out.writeBytes(NEXT, next);
        out.writeInt64(KEEP, swap.keep());
      }
    }

    @Override
    public Class<? extends Swap> getJavaClass() {
      return Swap.class;
    }

    @Override
    public String getTypeName() {
      return "smache.Swap";
    }
  }
}
