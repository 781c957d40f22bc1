package io.smache.node.engine.grid;

import org.infinispan.protostream.FileDescriptorSource;
import org.infinispan.protostream.ProtobufTagMarshaller;
import org.infinispan.protostream.SerializationContext;
import org.infinispan.protostream.SerializationContextInitializer;

/** Lets members tell each other that they place partitions alike: each knows its own placement. */
final class PlacementContext implements SerializationContextInitializer {
  private static final String FILE = "smache.proto";
  private static final String PACKAGE = "smache";
  private static final String NAME = "Placement";

  private final Placement placement;

  PlacementContext(Placement placement) {
    this.placement = placement;
  }

  @Override
  public void registerSchema(SerializationContext context) {
    String schema = "syntax = \"proto3\"; package %s; message %s { }".formatted(PACKAGE, NAME);
    context.registerProtoFiles(FileDescriptorSource.fromString(FILE, schema));
  }

  @Override
  public void registerMarshallers(SerializationContext context) {
    context.registerMarshaller(new Form());
  }

  private final class Form implements ProtobufTagMarshaller<Placement> {
    @Override
    public Placement read(ReadContext in) {
      return placement;
    }

    @Override
    public void write(WriteContext out, Placement same) {
      // there is nothing to say
    }

    @Override
    public Class<? extends Placement> getJavaClass() {
      return Placement.class;
    }

    @Override
    public String getTypeName() {
      return PACKAGE + '.' + NAME;
    }
  }
}
