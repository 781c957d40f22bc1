package io.smache.node.engine.grid;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.infinispan.commons.marshall.WrappedByteArray;
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
      message Follow { string cache = 1; int32 placement = 2; int64 number = 3;
        repeated bytes key = 4; repeated bytes next = 5; }
      /** @TypeId(100002) */
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
    context.registerMarshaller(new PlacementForm(placement));
    context.registerMarshaller(new FollowForm(copies));
    context.registerMarshaller(new AskForm(exchanges));
  }

  /** Each member has its own: there is nothing to say but its name. */
  private record PlacementForm(Placement own) implements ProtobufTagMarshaller<Placement> {
    @Override
    public Placement read(ReadContext in) {
      return own;
    }

    @Override
    public void write(WriteContext out, Placement same) {
      // its name is enough
    }

    @Override
    public Class<? extends Placement> getJavaClass() {
      return Placement.class;
    }

    @Override
    public String getTypeName() {
      return "smache.Placement";
    }
  }

  /** What an owner tells members with copies: each key, and its cell behind it if it has one. */
  private record FollowForm(Map<String, Copies> known) implements ProtobufTagMarshaller<Follow> {
    private static final int CACHE = 1;
    private static final int PLACEMENT = 2;
    private static final int NUMBER = 3;
    private static final int KEY = 4;
    private static final int NEXT = 5;

    @Override
    public Follow read(ReadContext context) throws IOException {
      TagReader in = context.getReader();
      String cache = "";
      int placement = 0;
      long number = 0;
      WrappedByteArray key = new WrappedByteArray(new byte[0]);
      Map<WrappedByteArray, byte @Nullable []> cells = new LinkedHashMap<>();
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireType.getTagFieldNumber(tag)) {
          case CACHE -> cache = in.readString();
          case PLACEMENT -> placement = in.readInt32();
          case NUMBER -> number = in.readInt64();
          case KEY -> {
            key = new WrappedByteArray(in.readByteArray());
            cells.put(key, null);
          }
          case NEXT -> cells.put(key, in.readByteArray());
          default -> in.skipField(tag);
        }
      }
      return new Follow(cache, new Decision(placement, number, cells), known);
    }

    @Override
    public void write(WriteContext context, Follow follow) throws IOException {
      TagWriter out = context.getWriter();
      out.writeString(CACHE, follow.cache());
      out.writeInt32(PLACEMENT, follow.decision().placement());
      out.writeInt64(NUMBER, follow.decision().number());
      for (Map.Entry<WrappedByteArray, byte @Nullable []> each :
          follow.decision().cells().entrySet()) {
        out.writeBytes(KEY, each.getKey().getBytes());
        byte[] next = each.getValue();
        if (next != null) {
          out.writeBytes(NEXT, next);
        }
      }
    }

    @Override
    public Class<? extends Follow> getJavaClass() {
      return Follow.class;
    }

    @Override
    public String getTypeName() {
      return "smache.Follow";
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
