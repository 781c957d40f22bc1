# The cache node on Payara Micro. Build from the repository's root, after ./mvnw package.
ARG BASE=eclipse-temurin:17.0.15_6-jre-jammy
FROM ${BASE}
RUN useradd --system --create-home --home-dir /smache smache
COPY target/servers/payara-micro.jar /smache/payara-micro.jar
COPY payara-config /smache/payara-config
COPY scripts/drain.sh /smache/drain.sh
COPY smache-node-war/target/smache-node.war /smache/smache-node.war
USER smache
WORKDIR /smache
ENV PAYARA_MICRO_JAR=/smache/payara-micro.jar
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=2s --start-period=60s \
  CMD bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080 && printf "GET /healthcheck HTTP/1.0\r\n\r\n" >&3 && head -n 1 <&3 | grep -q " 200 "'
ENTRYPOINT ["/smache/payara-config/micro.sh", "--port", "8080", "--root", "/smache/server", "/smache/smache-node.war"]
