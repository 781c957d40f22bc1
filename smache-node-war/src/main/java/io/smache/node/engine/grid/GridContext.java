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
      message Follow { }
      /** @TypeId(100002) */
      message Decision { bytes next = 1; int64 number = 2; }
      /** @TypeId(100003) */
      message Ask { string cache = 1; bytes key = 2; bytes before = 3; bytes next = 4; }
      """;

  private final Placement placement;
  private final Map<String, Copies> copies;
  private final Map<String, Exchanges> exchanges;

  /** Takes the placement of this member, what it has, and what it exchanges: all its own. */
  GridContext(Placement placement, Map<String, Copies> copies, Map<String, Exchanges> exchanges) {
    this.placement = placement;
    this.copies = copies;
    this.exchanges = exchanges;
  }

  @Override
  public void registerSchema(SerializationContext context) {
    context.registerProtoFiles(FileDescriptorSource.fromString(FILE, SCHEMA));
  }

  @Override
  public void registerMarshallers(SerializationContext context) {
    context.registerMarshaller(new Own<>("smache.Placement", Placement.class, () -> placement));
    context.registerMarshaller(new Own<>("smache.Follow", Follow.class, () -> new Follow(copies)));
    context.registerMarshaller(new DecisionForm());
    context.registerMarshaller(new AskForm(exchanges));
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

  /** What an owner tells members with copies. */
  private static final class DecisionForm implements ProtobufTagMarshaller<Decision> {
    private static final int NEXT = 1;
    private static final int NUMBER = 2;

    @Override
    public Decision read(ReadContext context) throws IOException {
      TagReader in = context.getReader();
      byte @Nullable [] next = null;
      long number = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireType.getTagFieldNumber(tag)) {
          case NEXT -> next = in.readByteArray();
          case NUMBER -> number = in.readInt64();
          default -> in.skipField(tag);
        }
      }
      return new Decision(next, number);
    }

    @Override
    public void write(WriteContext context, Decision decision) throws IOException {
      TagWriter out = context.getWriter();
      byte[] next = decision.next();
      if (next != null) {
        out.writeBytes(NEXT, next);
      }
      out.writeInt64(NUMBER, decision.number());
    }

    @Override
    public Class<? extends Decision> getJavaClass() {
      return Decision.class;
    }

    @Override
    public String getTypeName() {
      return "smache.Decision";
    }
  }

  /** What another member asks the owner for. */
  private record AskForm(Map<String, Exchanges> own) implements ProtobufTagMarshaller<Ask> {
    private static final int CACHE = 1;
    private static final int KEY = 2;
    private static final int BEFORE = 3;
    private static final int NEXT = 4;

    @Override
    public Ask read(ReadContext context) throws IOException {
      TagReader in = context.getReader();
      String cache = "";
      byte[] key = {};
      byte @Nullable [] before = null;
      byte @Nullable [] next = null;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireType.getTagFieldNumber(tag)) {
          case CACHE -> cache = in.readString();
          case KEY -> key = in.readByteArray();
          case BEFORE -> before = in.readByteArray();
          case NEXT -> next = in.readByteArray();
          default -> in.skipField(tag);
        }
      }
      return new Ask(cache, key, new Swap(before, next), own);
    }

    @Override
    public void write(WriteContext context, Ask ask) throws IOException {
      TagWriter out = context.getWriter();
      byte[] before = ask.swap().before();
      byte[] next = ask.swap().next();
      out.writeString(CACHE, ask.cache());
      out.writeBytes(KEY, ask.key());
      if (before != null) {
        out.writeBytes(BEFORE, before);
      }
      if (next != null) {
        out.writeBytes(NEXT, next);
      }
    }

    @Override
    public Class<? extends Ask> getJavaClass() {
      return Ask.class;
    }

    @Override
    public String getTypeName() {
      return "smache.Ask";
    }
  }
}
