package io.smache.node.engine.grid;

import java.io.IOException;
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
      message Swap { bytes next = 1; int64 keep = 2; bool refused = 3; }
      """;

  private final Placement placement;

  /** Takes the placement of this member: each knows its own. */
  GridContext(Placement placement) {
    this.placement = placement;
  }

  @Override
  public void registerSchema(SerializationContext context) {
    context.registerProtoFiles(FileDescriptorSource.fromString(FILE, SCHEMA));
  }

  @Override
  public void registerMarshallers(SerializationContext context) {
    context.registerMarshaller(new Constant<>("smache.Placement", Placement.class, placement));
    context.registerMarshaller(new Constant<>("smache.Exchange", Exchange.class, Exchange.sent()));
    context.registerMarshaller(new SwapForm());
  }

  /** What is the same wherever it comes from: there is nothing to say. */
  private record Constant<T>(String name, Class<T> type, T value)
      implements ProtobufTagMarshaller<T> {
    @Override
    public T read(ReadContext in) {
      return value;
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

  /** What a swap says to members with copies: not what is to be there before. */
  private static final class SwapForm implements ProtobufTagMarshaller<Swap> {
    private static final int NEXT = 1;
    private static final int KEEP = 2;
    private static final int REFUSED = 3;

    @Override
    public Swap read(ReadContext context) throws IOException {
      TagReader in = context.getReader();
      byte @Nullable [] next = null;
      long keep = 0;
      boolean refused = false;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireType.getTagFieldNumber(tag)) {
          case NEXT -> next = in.readByteArray();
          case KEEP -> keep = in.readInt64();
          case REFUSED -> refused = in.readBool();
          default -> in.skipField(tag);
        }
      }
      return Swap.received(next, keep, refused);
    }

    @Override
    public void write(WriteContext context, Swap swap) throws IOException {
      TagWriter out = context.getWriter();
      byte[] next = swap.next();
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
