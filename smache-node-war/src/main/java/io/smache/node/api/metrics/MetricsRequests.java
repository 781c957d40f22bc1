package io.smache.node.api.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Shows all metrics of this node. Thread-safe. */
@Dependent
public class MetricsRequests {
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Meters meters;

  /** Takes what counts, and what knows the node. */
  @Inject
  public MetricsRequests(Meters meters, NodeFigures figures) {
    this.meters = meters;
    meters.registry().register(figures);
  }

  /**
   * Returns what is counted and measured, as OpenMetrics 1.0 for those that accept it, else as
   * Prometheus' own text, whatever they accept.
   */
  public Reply get(Request request) throws IOException {
    Query.of(request).allowing();
    ExpositionFormatWriter writer = formats.findWriter(request.field(FieldName.ACCEPT));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    writer.write(text, meters.registry().scrape());
    return Reply.of(Status.OK)
        .with(FieldName.CONTENT_TYPE, writer.getContentType())
        .body(text.toByteArray());
  }
}
